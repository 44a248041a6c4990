import { Hono } from 'hono/tiny';
import type { BackendsReport } from '../../status/backend-health.ts';
import type { Status } from '../../status/types.ts';
import { allowed } from '../access.ts';
import { json } from '../answer.ts';
import { parseBackendsReport } from '../backends-report.ts';
import { type BodyLimits, jsonBody } from '../body.ts';
import type { ServiceEnv } from '../env.ts';
import type { Delivery, Dispatcher, Store } from '../model.ts';
import { ProblemError } from '../problem.ts';
import { readStatus } from '../read-status.ts';
import { createSubmit } from '../submit.ts';
import type { Target } from '../target.ts';

const path = '/namespaces/:namespace/virtualmcpservers/:name';

/** What the cluster says of a resource. */
export interface ResourceStatus extends Target {
  readonly resourceVersion: string;
  readonly generation?: number;
  /** The whole `status` of the resource, what others wrote included; empty where nobody has written any. */
  readonly status: Readonly<Record<string, unknown>>;
}

/** Options of {@link statusRoutes}. */
export interface StatusRoutesOptions {
  readonly dispatcher: Dispatcher;
  readonly store: Store;
  readonly limits: BodyLimits;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of reports that failed after their request was answered. */
  readonly onFailure: (delivery: Delivery, error: unknown, requestId: string) => void;
}

/** Report on a resource, read its status, and follow a delivery. */
export function statusRoutes({ dispatcher, store, limits, ...options }: StatusRoutesOptions) {
  const submit = createSubmit({ dispatcher, ...options });
  const read = (body: unknown, target: Target) =>
    readStatus(body, () => store.get?.(target)?.status.discoveredBackends);
  return new Hono<ServiceEnv>()
    .put(`${path}/status`, allowed('report'), jsonBody(read, limits), c => submit(c, c.req.valid('json')))
    .post(
      `${path}/backends`,
      allowed('report'),
      jsonBody<Status, BackendsReport>(parseBackendsReport, limits),
      c => submit(c, c.req.valid('json')),
    )
    .get(`${path}/status`, allowed('read'), async c => {
      const target = c.get('target');
      const found = await dispatcher.read(target, c.get('caller'), { signal: c.req.raw.signal });
      const answer: ResourceStatus = { ...target, ...found };
      return json(c, answer, 200);
    })
    .get(`${path}/deliveries/:id`, allowed('read', 'report'), async c => {
      const delivery = await dispatcher.delivery(c.get('target'), c.req.param('id'));
      if (delivery === undefined) {
        throw new ProblemError('not_found', 'Nobody knows that delivery, or nobody knows it any more.');
      }
      return json(c, delivery, 200);
    });
}
