import { type Command, InvalidArgumentError, Option, type OptionValues } from '@commander-js/extra-typings';
import { findCredentials } from '../../credentials/detect.ts';
import { defined } from '../../defined.ts';
import { ConfigurationError } from '../../errors.ts';
import type { Credentials } from '../../types.ts';
import type { Console } from './console.ts';

/** What says which cluster is meant. */
export interface ClusterChoice {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/** Adds the options of a {@link ClusterChoice}. */
export function addClusterOptions<Args extends unknown[], Options extends OptionValues>(
  command: Command<Args, Options>,
) {
  command.option('--kubeconfig <path>', 'kubeconfig to use (default: what KUBECONFIG lists)');
  command.option('--context <name>', 'context of the kubeconfig; also lets ~/.kube/config be used');
  return command as Command<Args, Options & ClusterChoice>;
}

export const namespaceOption = () =>
  new Option(
    '-n, --namespace <namespace>',
    'its namespace (default: VMCP_NAMESPACE, else that of the context, else "default")',
  );

/** Seconds, as an option has them. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 86_400) return value;
  throw new InvalidArgumentError('Expected seconds, more than 0 and at most 86400.');
}

export const clusterHelp = `The cluster is that of --kubeconfig, --context, KUBECONFIG, the VMCP_KUBERNETES_* variables, or the one around
the pod. A kubeconfig that merely lies in ~/.kube is used only with --context.`;

/** @throws ConfigurationError where no cluster is named: nothing is ever written to one unasked */
export function chooseCredentials(choice: ClusterChoice, { env }: Pick<Console, 'env'>): Credentials {
  const found = findCredentials({ env, ...defined({ ...choice }) });
  if (found !== undefined) return found;
  throw new ConfigurationError(
    'Expected a cluster, found none: name one with --context or --kubeconfig, or set KUBECONFIG. To try things without any, ' +
      'run "vmcp-status embedded".',
  );
}

/** @throws ConfigurationError where the credentials cannot be read */
export async function chooseNamespace(
  given: string | undefined,
  { env }: Pick<Console, 'env'>,
  credentials?: Credentials,
): Promise<string> {
  return given ?? (env['VMCP_NAMESPACE'] || (await credentials?.access())?.namespace || 'default');
}

/** @throws ConfigurationError */
export function chooseName(given: string | undefined, { env }: Pick<Console, 'env'>): string {
  const name = given ?? env['VMCP_NAME'];
  if (name) return name;
  throw new ConfigurationError(
    'Expected the name of a VirtualMCPServer, found none: give it, or set VMCP_NAME.',
  );
}
