/** Who may report, as variables and secrets of the Worker say it. */

import { type Environment, variable } from '../../credentials/env.ts';
import { defined } from '../../defined.ts';
import { ConfigurationError } from '../../errors.ts';
import {
  type AuthConfig,
  type AuthDependencies,
  createAuthenticator,
} from '../../http/auth/authenticator.ts';
import { token } from '../../http/auth/token.ts';
import type { Authenticate } from '../../http/model.ts';

/** Names of the variables; `wrangler.toml` says what they mean. */
const names = {
  way: 'VMCP_STATUS_AUTH',
  tokens: 'VMCP_STATUS_TOKENS',
  audience: 'VMCP_STATUS_AUDIENCE',
  issuer: 'VMCP_STATUS_ISSUER',
  jwks: 'VMCP_STATUS_JWKS',
  rules: 'VMCP_STATUS_RULES',
  secret: 'SERVICE_TOKEN',
} as const;

/** Nobody is let in where nothing is said, or something wrong: a Worker is open to the whole internet. */
export function authenticatorOf(env: Environment, dependencies: AuthDependencies): Authenticate {
  let authenticate: Authenticate | undefined;
  return request => {
    authenticate ??= create(env, dependencies);
    return authenticate(request);
  };
}

/** @throws ConfigurationError */
function create(env: Environment, dependencies: AuthDependencies): Authenticate {
  const config = readConfig(env);
  if (config !== undefined) {
    const source = names.tokens;
    return createAuthenticator(config, {
      ...dependencies,
      readTokens: async () => ({ text: variable(env, source) ?? '', source }),
    });
  }
  const secret = variable(env, names.secret);
  if (secret !== undefined) {
    return token({ tokens: [{ name: names.secret, token: secret, targets: ['*/*'] }] });
  }
  throw new ConfigurationError(
    `Neither ${names.secret} nor ${names.way} is set, so nobody may report. Set one: wrangler secret put ${names.secret}`,
  );
}

function readConfig(env: Environment): AuthConfig | undefined {
  const [mode, issuer, jwks] = [names.way, names.issuer, names.jwks].map(name => variable(env, name));
  const audience = variable(env, names.audience)?.split(/[\s,]+/);
  switch (mode) {
    case undefined:
      return variable(env, names.tokens) === undefined ? undefined : { mode: 'token' };
    case 'token':
    case 'passthrough':
      return { mode };
    case 'review':
      return { mode, ...defined({ audiences: audience }) };
    case 'jwt':
      return { mode, ...defined({ audience, issuer, jwks, rules: readRules(env) }) };
    default:
      throw new ConfigurationError(
        `${names.way}: expected jwt, review, passthrough or token, found ${JSON.stringify(mode)}.`,
      );
  }
}

function readRules(env: Environment) {
  const text = variable(env, names.rules);
  if (text === undefined) return undefined;
  try {
    const rules = JSON.parse(text);
    if (Array.isArray(rules)) return rules;
  } catch {
    // Said below.
  }
  throw new ConfigurationError(`${names.rules}: expected a list of rules in JSON, found something else.`);
}
