import type { ResourceStatus } from '../../http/app.ts';
import { K8sReporter } from '../../reporter/kubernetes.ts';
import type { ReportResult } from '../../reporter/reporter.ts';
import type { Status } from '../../status/types.ts';
import { type ClusterChoice, chooseCredentials, chooseName, chooseNamespace } from './cluster-options.ts';
import type { Console } from './console.ts';
import { readText } from './input.ts';
import { openService } from './service-client.ts';

/** One `VirtualMCPServer`, reached directly or through the service. */
export interface Remote extends AsyncDisposable {
  readonly namespace: string;
  readonly name: string;
  /** @throws StatusReporterError */
  report(status: Status): Promise<ReportResult>;
  /** What the cluster says now. @throws StatusReporterError */
  read(): Promise<ResourceStatus>;
}

/** What says which resource is meant, and how it is reached. */
export interface RemoteChoice extends ClusterChoice {
  readonly namespace?: string | undefined;
  readonly service?: string | undefined;
  readonly tokenFile?: string | undefined;
  /** Seconds. */
  readonly timeout: number;
}

/** @throws ConfigurationError */
export async function openRemote(
  givenName: string | undefined,
  choice: RemoteChoice,
  console: Console,
): Promise<Remote> {
  const name = chooseName(givenName, console);
  if (choice.service !== undefined) {
    const namespace = await chooseNamespace(choice.namespace, console);
    const token = choice.tokenFile && (await readText(choice.tokenFile, '--token-file')).trim();
    return openService({ namespace, name }, { url: choice.service, token, timeout: choice.timeout * 1000 });
  }
  const credentials = chooseCredentials(choice, console);
  const namespace = await chooseNamespace(choice.namespace, console, credentials);
  const reporter = new K8sReporter({ namespace, name, credentials, totalTimeout: choice.timeout * 1000 });
  const shutdown = await reporter.start();
  return {
    namespace,
    name,
    report: status => reporter.reportStatus(status),
    async read() {
      const { metadata, status } = await reporter.read();
      const { resourceVersion, generation } = metadata;
      return {
        namespace,
        name,
        resourceVersion,
        ...(generation !== undefined && { generation }),
        status: { ...status },
      };
    },
    // No time to deliver: what failed was said so, and is not tried again behind the user's back.
    [Symbol.asyncDispose]: () => shutdown({ signal: AbortSignal.abort() }).catch(() => {}),
  };
}
