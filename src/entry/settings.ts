import { defined } from '../defined.ts';
import { ConfigurationError } from '../errors.ts';

/** Where the service listens. */
export interface Address {
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where to listen: the options, else `HOST` and `PORT`, else 127.0.0.1:8787.
 *
 * @param guarded whether callers are asked who they are; only then may others than this machine connect
 * @throws ConfigurationError
 */
export function readAddress(
  options: { readonly host?: string | undefined; readonly port?: string | undefined },
  env: Environment,
  guarded: boolean,
): Address {
  const host = options.host ?? (env['HOST'] || '127.0.0.1');
  if (!guarded && !isLoopback(host)) {
    throw new ConfigurationError(
      `${options.host === undefined ? 'HOST' : '--host'}: expected a loopback address such as 127.0.0.1, found "${host}". ` +
        'Without --auth nobody is asked who they are, so whoever can connect may change what the cluster says. ' +
        'Choose how callers are known with --auth; "vmcp-status help serve" explains each way.',
    );
  }
  return { host, port: readPort(options.port, env) };
}

/** @throws ConfigurationError */
export function readPort(option: string | undefined, env: Environment, standard = '8787'): number {
  const [source, text] = option === undefined ? ['PORT', env['PORT'] || standard] : ['--port', option];
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new ConfigurationError(`${source}: expected a number from 0 to 65535, found "${text}".`);
  }
  return Number(text);
}

/** What the service keeps to. */
export interface Limits {
  /** Most requests to the API server begun per second, on average. */
  readonly requestsPerSecond?: number;
  /** Most resources whose reporters and last reports are kept; further ones take the place of the quietest. */
  readonly resources?: number;
}

/**
 * The limits that are given as options; the others have their defaults elsewhere.
 *
 * @throws ConfigurationError
 */
export function readLimits(options: {
  readonly requestsPerSecond?: string | undefined;
  readonly resources?: string | undefined;
}): Limits {
  return defined({
    requestsPerSecond: readCount('--requests-per-second', options.requestsPerSecond),
    resources: readCount('--resources', options.resources),
  });
}

function readCount(source: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new ConfigurationError(`${source}: expected a whole number from 1 to 9999999, found "${text}".`);
}

/** Whether only this machine can connect to `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
