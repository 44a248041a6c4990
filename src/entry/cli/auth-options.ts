import { Option } from '@commander-js/extra-typings';
import { ConfigurationError } from '../../errors.ts';
import type { AuthConfig } from '../../http/auth/authenticator.ts';
import type { Rule } from '../../http/auth/rules.ts';
import type { Console } from './console.ts';
import { readInput, readText } from './input.ts';

export const ways = ['jwt', 'review', 'passthrough', 'token'] as const;

/** How callers are known, as the command line has it. */
export interface AuthChoice {
  readonly auth?: (typeof ways)[number] | undefined;
  readonly audience?: string[] | undefined;
  readonly issuer?: string | undefined;
  readonly jwks?: string | undefined;
  readonly rules?: string | undefined;
  readonly tokensFile?: string | undefined;
}

export const authOption = () =>
  new Option(
    '--auth <way>',
    'how callers are known (default: nobody is asked; loopback addresses only)',
  ).choices(ways);

export const authHelp = `Without --auth nobody is asked who they are, so it listens on loopback addresses only. The ways to know callers:
  jwt          tokens that the cluster issued to ServiceAccounts, each for its own namespace; with --issuer and --jwks
               those of another issuer; --rules says what a token may do instead:
               [{"subject": "gateway-*", "claims": {"env": "prod"}, "targets": ["prod/*"], "verbs": ["report"]}]
  review       the cluster is asked (TokenReview, SubjectAccessReview): its RBAC decides who may patch the status
  passthrough  the caller's own token goes to the API server; the service's credential is not used for it
  token        shared secrets from --tokens-file, or from VMCP_STATUS_TOKENS; replaced without a restart:
               [{"name": "edge", "sha256": "<64 hexadecimal digits>", "targets": ["prod/*"]}]`;

/** @throws ConfigurationError */
export async function readAuth(choice: AuthChoice): Promise<AuthConfig | undefined> {
  const { auth, audience, issuer, jwks, rules } = choice;
  const forWay = { audience: 'jwt review', issuer: 'jwt', jwks: 'jwt', rules: 'jwt', tokensFile: 'token' };
  for (const [option, wanted] of Object.entries(forWay) as [keyof typeof forWay, string][]) {
    if (choice[option] === undefined || (auth !== undefined && wanted.split(' ').includes(auth))) continue;
    const name = option === 'tokensFile' ? 'tokens-file' : option;
    throw new ConfigurationError(
      `--${name}: expected --auth ${wanted.replace(' ', ' or ')} beside it, found ${auth ?? 'none'}.`,
    );
  }
  switch (auth) {
    case undefined:
      return undefined;
    case 'passthrough':
      return { mode: auth };
    case 'token':
      return { mode: auth };
    case 'review':
      return { mode: auth, ...(audience && { audiences: audience }) };
    case 'jwt':
      return {
        mode: auth,
        ...(audience && { audience }),
        ...(issuer !== undefined && { issuer }),
        ...(jwks !== undefined && { jwks }),
        ...(rules !== undefined && { rules: await readRules(rules) }),
      };
  }
}

async function readRules(path: string): Promise<readonly Rule[]> {
  const rules = await readInput(path, { read: () => undefined }, '--rules');
  if (Array.isArray(rules)) return rules;
  throw new ConfigurationError(`--rules: expected a list of rules in ${path}, found something else.`);
}

/** Where the shared secrets of `--auth token` come from; read again and again. @throws ConfigurationError */
export function tokensReader({ auth, tokensFile }: AuthChoice, { env }: Pick<Console, 'env'>) {
  if (auth !== 'token') return undefined;
  const variable = 'VMCP_STATUS_TOKENS';
  if (tokensFile !== undefined) {
    return async () => ({ text: await readText(tokensFile, '--tokens-file'), source: tokensFile });
  }
  const text = env[variable];
  if (text) return async () => ({ text, source: variable });
  throw new ConfigurationError(`--auth token: expected --tokens-file or ${variable}, found neither.`);
}
