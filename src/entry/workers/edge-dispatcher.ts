/** The {@link Dispatcher} of a Worker: every report goes to the Durable Object of its resource. */

import { StatusReporterError } from '../../errors.ts';
import type { Dispatcher } from '../../http/model.ts';
import type { ResourceReporter } from '../../http/reporters.ts';
import type { Target } from '../../http/target.ts';
import type { ReportResult } from '../../reporter/reporter.ts';
import type { Credentials } from '../../types.ts';
import { fromFailure } from './failure.ts';
import { ask, ObjectLost, objectNamed, type ReportAnswer, type ReportMessage } from './messages.ts';
import type { ObjectNamespace, ObjectStub } from './platform.ts';

export interface EdgeDispatcherOptions {
  readonly objects: () => ObjectNamespace;
  /** Reads within the request. */
  readonly reporter: (target: Target, credentials: Credentials | undefined) => ResourceReporter;
  /** Milliseconds that a request waits for the end of its delivery. Default 30,000. */
  readonly patience?: number;
}

export function createEdgeDispatcher(options: EdgeDispatcherOptions): Dispatcher {
  const { objects, reporter, patience = 30_000 } = options;

  function objectOf({ namespace, name }: Target, suffix: string | undefined): ObjectStub {
    return objectNamed(
      objects(),
      suffix === undefined ? `${namespace}/${name}` : `${namespace}/${name}/${suffix}`,
    );
  }

  return {
    async submit(submission, { credentials, partition }, { wait = true } = {}) {
      const suffix = credentials && (await suffixOf(partition));
      // The caller's own token goes along and is not kept, so that there is no later: its delivery is always waited for.
      const access = await credentials?.access();
      const message: ReportMessage = {
        submission,
        ...(access && { access }),
        ...(suffix && { suffix }),
        wait: wait ? patience : 0,
      };
      const { record, failure } = await accept(objectOf(submission.target, suffix), message);
      const result = wait || access ? resultOf({ record, failure }) : new Promise<never>(() => {});
      return { record, result };
    },

    delivery: (target, id) => ask(objectOf(target, id.split('.')[1]), 'GET', `/deliveries/${id}`),

    async read(target, { credentials }, options) {
      const { metadata, status } = await reporter(target, credentials).read(options);
      const { resourceVersion, generation } = metadata;
      return { resourceVersion, ...(generation !== undefined && { generation }), status: { ...status } };
    },

    // What is accepted is on disk, and its object needs nobody else to deliver it.
    async close() {},
  };
}

/** Once more where the object broke down: a report that it has accepted already is as old as itself. */
async function accept(object: ObjectStub, message: ReportMessage): Promise<ReportAnswer> {
  const send = () => ask<ReportAnswer>(object, 'POST', '/reports', message);
  try {
    return await send().catch(error => {
      if (error instanceof ObjectLost) return send();
      throw error;
    });
  } catch (error) {
    if (!(error instanceof ObjectLost)) throw error;
    throw new StatusReporterError('closed', 'The Durable Object is being restarted.', { cause: error });
  }
}

/** @throws why it failed */
async function resultOf({
  record,
  failure,
}: Pick<ReportAnswer, 'record'> & { failure: ReportAnswer['failure'] | undefined }): Promise<ReportResult> {
  const { result } = record.delivery;
  if (result !== undefined) return result;
  if (failure !== undefined) throw fromFailure(failure);
  throw new StatusReporterError(
    'timeout',
    'The report is accepted, but not delivered yet; it will be, unless a later one takes its place.',
  );
}

/** Tells the objects of one resource apart without being the digest of anybody's token. */
async function suffixOf(partition: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`delivery of ${partition}`));
  return Array.from(new Uint8Array(bytes, 0, 16), byte => byte.toString(16).padStart(2, '0')).join('');
}
