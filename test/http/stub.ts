import type { ResourceObject } from '../../src/api/resource.ts';
import { createApp } from '../../src/http/app.ts';
import { createReporters, type ResourceReporter } from '../../src/http/reporters.ts';
import type { ReportResult } from '../../src/reporter/reporter.ts';
import type { Status } from '../../src/status/types.ts';

export const path = '/v1/namespaces/default/virtualmcpservers/demo/status';

/** A service whose reporters do what a test says, and everything that reached them. */
export function serviceOf(behaviour: {
  report?: (status: Status | null | undefined) => ReportResult | Promise<ReportResult>;
  read?: (signal: AbortSignal | undefined) => ResourceObject | Promise<ResourceObject>;
  maxBody?: number;
}) {
  const reported: { target: string; status: Status | null | undefined }[] = [];
  const logged: string[] = [];
  const disposed: string[] = [];
  const create = ({ namespace, name }: { namespace: string; name: string }): ResourceReporter => ({
    async reportStatus(status) {
      reported.push({ target: `${namespace}/${name}`, status });
      return (
        behaviour.report?.(status) ?? { outcome: 'applied', resourceVersion: '7', requests: 2, attempts: 1 }
      );
    },
    start: async () => async () => {},
    read: async options =>
      behaviour.read?.(options?.signal) ?? { metadata: { resourceVersion: '7', generation: 2 } },
    async [Symbol.asyncDispose]() {
      disposed.push(`${namespace}/${name}`);
    },
  });
  const note = (message: string, fields?: object) => logged.push(`${message} ${JSON.stringify(fields)}`);
  const logger = { debug: note, info: note, warn: note, error: note };
  const reporters = createReporters({ create, logger });
  const { maxBody } = behaviour;
  const app = createApp({ reporters, logger, ...(maxBody !== undefined && { maxBody }) });

  return {
    app,
    reporters,
    reported,
    logged,
    disposed,
    put: (body: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
      app.request(path, {
        method: 'PUT',
        headers,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}
