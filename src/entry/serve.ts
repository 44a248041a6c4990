import { parseTokens } from '../http/auth/token.ts';
import { type AuthChoice, readAuth, tokensReader } from './cli/auth-options.ts';
import type { Console } from './cli/console.ts';
import { untilAborted } from './cli/until-aborted.ts';
import { chooseCluster } from './cluster.ts';
import { greeting } from './greeting.ts';
import { createLogger, type Level } from './logger.ts';
import { startService } from './service.ts';
import { readAddress, readLimits } from './settings.ts';

/** What `vmcp-status serve` is told. */
export interface ServeOptions extends AuthChoice {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly requestsPerSecond?: string | undefined;
  readonly resources?: string | undefined;
  /** Whether the built-in gateway reports to an embedded API server. */
  readonly demo?: boolean;
  /** The lowest level that is logged. Default `info`. */
  readonly logLevel?: Level;
}

/** Runs the service until SIGINT or SIGTERM. @throws ConfigurationError, StatusReporterError */
export async function serve(options: ServeOptions, console: Console): Promise<void> {
  const auth = await readAuth(options);
  const readTokens = tokensReader(options, console);
  // What is wrong with the secrets shows now, and not with the first caller.
  const tokens = await readTokens?.();
  if (tokens) parseTokens(tokens.text, tokens.source);
  const address = readAddress(options, console.env, auth !== undefined);
  const limits = readLimits(options);
  const cluster = await chooseCluster(options, console.env, console.listen);
  const service = await startService({
    cluster,
    address,
    auth,
    limits,
    demo: options.demo ?? true,
    ...(readTokens && { readTokens }),
    listen: console.listen,
    logger: createLogger(console, options.logLevel),
  });
  // Heard before it is said that the service is up.
  const interrupted = console.interrupted();
  console.print(`${greeting(service.url, cluster, auth !== undefined)}\n`);
  await untilAborted(interrupted);
  console.print('Stopping: no new requests; delivering what is pending.\n');
  await service.stop();
}
