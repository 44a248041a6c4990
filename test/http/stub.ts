import { expect } from 'vitest';
import type { ResourceObject } from '../../src/api/resource.ts';
import {
  type AppOptions,
  type Caller,
  createApp,
  createDispatcher,
  createMemoryStore,
  type DispatcherOptions,
  type ResourceReporter,
  type Target,
} from '../../src/http/app.ts';
import type { ReportResult } from '../../src/reporter/reporter.ts';
import type { Status } from '../../src/status/types.ts';

export const path = '/v1/namespaces/default/virtualmcpservers/demo/status';

export const json = { 'content-type': 'application/json' };

/** What the reporters of a test do. Default: they apply at once. */
export interface Behaviour {
  report?: (
    status: Status | null | undefined,
    target: Target,
    caller: Caller,
  ) => ReportResult | Promise<ReportResult>;
  read?: (signal: AbortSignal | undefined) => ResourceObject | Promise<ResourceObject>;
  app?: Partial<AppOptions>;
  dispatch?: Partial<DispatcherOptions>;
}

export const applied: ReportResult = { outcome: 'applied', resourceVersion: '7', requests: 2, attempts: 1 };

/** A service whose reporters do what a test says, and everything that reached them. */
export function serviceOf(behaviour: Behaviour = {}) {
  const reported: { target: string; status: Status | null | undefined }[] = [];
  const logged: string[] = [];
  const disposed: string[] = [];
  const create = (target: Target, caller: Caller): ResourceReporter => ({
    async reportStatus(status) {
      reported.push({ target: `${target.namespace}/${target.name}`, status });
      return behaviour.report?.(status, target, caller) ?? applied;
    },
    start: async () => async () => {},
    read: async options =>
      behaviour.read?.(options?.signal) ?? { metadata: { resourceVersion: '7', generation: 2 } },
    async [Symbol.asyncDispose]() {
      disposed.push(`${target.namespace}/${target.name}`);
    },
  });
  const note = (level: string) => (message: string, fields?: object) => {
    const { error, ...rest } = { error: undefined, ...fields };
    logged.push(`${level} ${message} ${JSON.stringify(rest)}${error === undefined ? '' : ` ${error}`}`);
  };
  const logger = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };
  const store = createMemoryStore();
  const dispatcher = createDispatcher({ store, create, logger, ...behaviour.dispatch });
  const app = createApp({ dispatcher, store, logger, ...behaviour.app });

  return {
    app,
    store,
    dispatcher,
    reported,
    logged,
    disposed,
    put: (body: unknown, headers: Record<string, string> = json, target = path) =>
      app.request(target, {
        method: 'PUT',
        headers,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    post: (target: string, body: unknown, headers: Record<string, string> = json) =>
      app.request(target, { method: 'POST', headers, body: JSON.stringify(body) }),
  };
}

/** The problem that an answer is; it says of itself what the answer says. */
export async function problemOf(answer: Response) {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const problem = await answer.json();
  expect(problem).toMatchObject({ status: answer.status, requestId: answer.headers.get('x-request-id') });
  return problem;
}
