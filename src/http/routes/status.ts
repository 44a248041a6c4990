import type { Context, Handler } from 'hono';
import { Hono } from 'hono/tiny';
import type { BackendsReport } from '../../status/backend-health.ts';
import type { Status } from '../../status/types.ts';
import { targetFor } from '../access.ts';
import { json } from '../answer.ts';
import { parseBackendsReport } from '../backends-report.ts';
import { type BodyLimits, bodyReader } from '../body.ts';
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

/** What Hono's client knows of a handler that reads JSON from the body by itself. */
type Taking<Body, Handle extends (c: Context<ServiceEnv>) => Promise<Response>> = Handler<
  ServiceEnv,
  string,
  { in: { json: Body }; out: { json: Body } },
  ReturnType<Handle>
>;

/** Report on a resource, read its status, and follow a delivery. */
export function statusRoutes({ dispatcher, store, limits, ...options }: StatusRoutesOptions) {
  const submit = createSubmit({ dispatcher, ...options });
  const readBody = bodyReader(limits);
  const putStatus = async (c: Context<ServiceEnv>) => {
    const target = await targetFor(c, 'report');
    const before = () => store.get?.(target)?.status.discoveredBackends;
    return submit(c, target, readStatus(await readBody(c), before));
  };
  const postBackends = async (c: Context<ServiceEnv>) => {
    const target = await targetFor(c, 'report');
    return submit(c, target, parseBackendsReport(await readBody(c)));
  };
  return new Hono<ServiceEnv>()
    .put(`${path}/status`, putStatus as Taking<Status, typeof putStatus>)
    .post(`${path}/backends`, postBackends as Taking<BackendsReport, typeof postBackends>)
    .get(`${path}/status`, async c => {
      const target = await targetFor(c, 'read');
      const found = await dispatcher.read(target, c.get('caller'), { signal: c.req.raw.signal });
      const answer: ResourceStatus = { ...target, ...found };
      return json(c, answer, 200);
    })
    .get(`${path}/deliveries/:id`, async c => {
      const target = await targetFor(c, 'read', 'report');
      const delivery = await dispatcher.delivery(target, c.req.param('id'));
      if (delivery === undefined) {
        throw new ProblemError('not_found', 'Nobody knows that delivery, or nobody knows it any more.');
      }
      return json(c, delivery, 200);
    });
}
