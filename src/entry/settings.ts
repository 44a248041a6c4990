import { parseArgs } from 'node:util';
import { ConfigurationError } from '../errors.ts';

/** What the service is told on its command line and in its environment. */
export interface Settings {
  /** Address to listen on: `--host`, `HOST`; default 127.0.0.1. */
  readonly host: string;
  /** Port to listen on, 0 for any: `--port`, `PORT`; default 8787. */
  readonly port: number;
  /** Context of the kubeconfig: `--context`. */
  readonly context?: string;
  readonly help: boolean;
}

export const usage = `Usage: npm start -- [options]

Takes the status of virtual MCP servers over HTTP and reports it to their Kubernetes cluster.

  --host ADDRESS   listen on this address (HOST; default 127.0.0.1)
  --port PORT      listen on this port, 0 for any (PORT; default 8787)
  --context NAME   report to the cluster of this context, from KUBECONFIG or ~/.kube/config
  --help           print this

With KUBECONFIG set, or inside a cluster, it reports to that cluster; otherwise to an embedded fake API server.`;

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws ConfigurationError */
export function readSettings(args: readonly string[], env: Environment): Settings {
  const { host, port, context, help = false } = parse(args);
  const address = host ?? (env['HOST'] || '127.0.0.1');
  if (!isLoopback(address)) {
    throw new ConfigurationError(
      `${host === undefined ? 'HOST' : '--host'}: expected a loopback address such as 127.0.0.1, found "${address}". ` +
        'Nobody is asked who they are here, so whoever can connect may change what the cluster says.',
    );
  }
  const [source, text] = port === undefined ? ['PORT', env['PORT'] || '8787'] : ['--port', port];
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new ConfigurationError(`${source}: expected a number from 0 to 65535, found "${text}".`);
  }
  return { host: address, port: Number(text), help, ...(context !== undefined && { context }) };
}

/** Whether only this machine can connect to `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function parse(args: readonly string[]) {
  const string = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: { host: string, port: string, context: string, help: { type: 'boolean', short: 'h' } },
    }).values;
  } catch (cause) {
    throw new ConfigurationError(`${(cause as Error).message}. Run with --help to see what there is.`, {
      cause,
    });
  }
}
