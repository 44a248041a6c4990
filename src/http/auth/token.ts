import { ConfigurationError } from '../../errors.ts';
import { toLog } from '../../reporter/logger.ts';
import type { Logger } from '../../types.ts';
import type { Authenticate, Caller } from '../model.ts';
import { digest, sameBytes, servicePartition, tokenOf, unauthenticated } from './authenticate.ts';
import { checkGrant, checkMembers, compileGrant, type Grant } from './rules.ts';

/** A secret that callers share with the service, and what it lets them do. */
export interface TokenEntry extends Grant {
  /** For logs. Two entries may have the same: the old and the new secret, while it is being replaced. */
  readonly name: string;
  /** The secret itself: printable ASCII without spaces. */
  readonly token?: string;
  /** Or its SHA-256, 64 hexadecimal digits: the service then does not know it. Only for secrets that nobody can guess. */
  readonly sha256?: string;
}

export interface TokenOptions {
  /** The secrets. */
  readonly tokens?: readonly TokenEntry[];
  /** Or what reads them, again and again, so that they can be replaced: see {@link parseTokens}. */
  readonly load?: () => readonly TokenEntry[] | Promise<readonly TokenEntry[]>;
  /** Milliseconds between two calls of `load`, at least. Default 10,000. */
  readonly reloadInterval?: number;
  /** Told where `load` fails; what it brought last is then used on. Default: none. */
  readonly logger?: Logger;
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

interface Known {
  readonly digest: Uint8Array;
  readonly caller: Caller;
}

/**
 * Shared secrets, each with its allowed targets; compared in constant time.
 *
 * @throws ConfigurationError where `tokens` are none
 */
export function token(options: TokenOptions): Authenticate {
  const { tokens, load, reloadInterval = 10_000, now = Date.now } = options;
  const log = toLog(options.logger);
  if ((tokens === undefined) === (load === undefined)) {
    throw new ConfigurationError('Expected either tokens or load.');
  }
  if (tokens !== undefined) checkTokens(tokens);
  let known: readonly Known[] | undefined;
  let readAt = 0;

  async function current(): Promise<readonly Known[]> {
    if (known !== undefined && (load === undefined || Math.abs(now() - readAt) < reloadInterval))
      return known;
    readAt = now();
    try {
      known = await prepare(tokens ?? (await load?.()) ?? []);
    } catch (error) {
      if (known === undefined) throw error;
      log('warn', 'The tokens of callers cannot be read again; those read before stay valid', { error });
    }
    return known;
  }

  return async request => {
    const given = await digest(tokenOf(request));
    let found: Caller | undefined;
    for (const entry of await current()) if (sameBytes(entry.digest, given)) found = entry.caller;
    if (found === undefined) throw unauthenticated(request, 'The token is not known here.');
    return found;
  };
}

/**
 * Tokens from the text of a file or of an environment variable:
 * `[{"name": "edge", "sha256": "…", "targets": ["prod/*"]}]`, in JSON.
 *
 * @param where what to call it in an error: the file's path, the variable's name
 * @throws ConfigurationError; it never quotes a secret
 */
export function parseTokens(text: string, where: string): TokenEntry[] {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch {
    // What the parser says may quote the text.
  }
  if (!Array.isArray(entries)) {
    throw new ConfigurationError(
      `${where}: expected JSON like [{"name": "edge", "sha256": "<64 hexadecimal digits>", "targets": ["prod/*"]}].`,
    );
  }
  checkTokens(entries, where);
  return entries;
}

function checkTokens(entries: readonly TokenEntry[], where = 'tokens'): void {
  const secrets = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const label = `${where}[${index}]`;
    checkMembers(entry, ['name', 'token', 'sha256', 'targets', 'verbs'], label);
    const { name, token, sha256 }: Partial<TokenEntry> = entry;
    const fault = (expected: string): never => {
      throw new ConfigurationError(`${label}: expected ${expected}.`);
    };
    if (typeof name !== 'string' || !/^[\x21-\x7e]{1,100}$/.test(name)) {
      fault('a name of up to 100 printable characters without spaces');
    }
    if ((token === undefined) === (sha256 === undefined)) fault('either token or sha256');
    if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(String(sha256)))
      fault('64 hexadecimal digits as sha256');
    if (token !== undefined && !(typeof token === 'string' && /^[\x21-\x7e]+$/.test(token))) {
      fault('printable ASCII without spaces as token');
    }
    const secret = sha256 === undefined ? `=${token}` : sha256.toLowerCase();
    if (secrets.has(secret)) fault('a token that no other entry has');
    secrets.add(secret);
    checkGrant(entry, label, false);
  }
}

function prepare(entries: readonly TokenEntry[]): Promise<Known[]> {
  checkTokens(entries);
  return Promise.all(
    entries.map(async entry => ({
      digest: entry.token === undefined ? bytes(entry.sha256 ?? '') : await digest(entry.token),
      caller: { name: entry.name, partition: servicePartition, may: compileGrant(entry) },
    })),
  );
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], pair => Number.parseInt(pair, 16));
}
