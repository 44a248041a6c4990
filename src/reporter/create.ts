/** The reporter that fits where this process runs. */

import { detectCredentials } from '../credentials/detect.ts';
import { type Environment, variable } from '../credentials/env.ts';
import { defined } from '../defined.ts';
import type { Credentials } from '../types.ts';
import type { DeliverySettings } from './kubernetes/options.ts';
import { K8sReporter } from './kubernetes.ts';
import { toLog } from './logger.ts';
import { NoOpReporter } from './noop.ts';
import type { Reporter } from './reporter.ts';

export interface CreateReporterOptions extends DeliverySettings {
  /** Name of the `VirtualMCPServer`. Default: the environment's `VMCP_NAME`. */
  readonly name?: string;
  /** Its namespace. Default: the environment's `VMCP_NAMESPACE`. */
  readonly namespace?: string;
  /** Who reports. Default: detected from the environment, at `start()` or with the first report. */
  readonly credentials?: Credentials;
  /** Context of the kubeconfig; also lets `~/.kube/config` be used. Default: its current context. */
  readonly context?: string;
  /** The environment. Default: that of the process; on Workers, pass `env`. */
  readonly env?: Environment;
}

/**
 * Both `VMCP_NAME` and `VMCP_NAMESPACE` set: a {@link K8sReporter}. Neither: a {@link NoOpReporter}. One of the two: a
 * {@link NoOpReporter} and a warning that names the missing one. Does no IO.
 *
 * @throws ConfigurationError where an option is wrong or the environment cannot be read
 */
export function createReporter(options: CreateReporterOptions = {}): Reporter {
  const env = options.env ?? processEnvironment();
  const name = options.name ?? variable(env, 'VMCP_NAME');
  const namespace = options.namespace ?? variable(env, 'VMCP_NAMESPACE');
  const log = toLog(options.logger ?? console);
  if (name !== undefined && namespace !== undefined) {
    const credentials =
      options.credentials ?? detectCredentials({ env, ...defined({ context: options.context }) });
    return new K8sReporter({ ...options, name, namespace, credentials });
  }
  if (name !== undefined || namespace !== undefined) {
    const [found, missing] =
      name === undefined ? ['VMCP_NAMESPACE', 'VMCP_NAME'] : ['VMCP_NAME', 'VMCP_NAMESPACE'];
    log('warn', `${found} is set, but ${missing} is not: no status will be reported. Set both, or neither.`);
  }
  return new NoOpReporter();
}

function processEnvironment(): Environment {
  return (globalThis as { process?: { env?: Record<string, unknown> } }).process?.env ?? {};
}
