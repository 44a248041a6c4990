import type { Context } from 'hono';
import type { Status } from '../status/types.ts';
import { json } from './answer.ts';
import type { ServiceEnv } from './env.ts';
import type { Delivery, Dispatcher } from './model.ts';
import { observedAt } from './ordering.ts';
import { ProblemError } from './problem.ts';
import type { Target } from './target.ts';

/** Options of {@link createSubmit}. */
export interface SubmitOptions {
  readonly dispatcher: Dispatcher;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of reports that failed after their request was answered. */
  readonly onFailure: (delivery: Delivery, error: unknown, requestId: string) => void;
}

/** Names the process of the gateway that sends a report; its reports are ordered by their time. */
const instanceHeader = 'reporter-instance';
/** What it may say. */
export const instancePattern = /^[\x21-\x7e]{1,128}$/;

/** Hands reports to the dispatcher and answers: when they are delivered, or at once where the caller prefers that. */
export function createSubmit({ dispatcher, now, onFailure }: SubmitOptions) {
  return async (c: Context<ServiceEnv>, target: Target, status: Status) => {
    const instance = instanceOf(c.req.header(instanceHeader));
    const wait = !prefersAsync(c.req.header('prefer'));
    const submission = { target, status, observedAt: observedAt(status.timestamp, now()) };
    const { record, result } = await dispatcher.submit(
      instance === undefined ? submission : { ...submission, instance },
      c.get('caller'),
      { wait },
    );
    // Not the request's signal: a report that arrived whole is delivered, also for a caller that hung up.
    if (wait) return json(c, await result, 200);
    const { delivery } = record;
    result.catch(error => onFailure(delivery, error, c.get('requestId')));
    return json(c, delivery, 202, {
      'preference-applied': 'respond-async',
      location: `/v1/namespaces/${target.namespace}/virtualmcpservers/${target.name}/deliveries/${delivery.id}`,
    });
  };
}

/** @see https://www.rfc-editor.org/rfc/rfc7240#section-4.1 */
function prefersAsync(prefer: string | undefined): boolean {
  return prefer !== undefined && /(?:^|,)\s*respond-async\s*(?:[;,]|$)/i.test(prefer);
}

function instanceOf(header: string | undefined): string | undefined {
  if (header === undefined || instancePattern.test(header)) return header;
  throw new ProblemError(
    'malformed',
    `Expected 1 to 128 visible ASCII characters in ${instanceHeader}, found ${JSON.stringify(header.slice(0, 40))}.`,
  );
}
