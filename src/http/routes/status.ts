import { Hono } from 'hono/tiny';
import { parseStatus } from '../../status/parse.ts';
import { jsonBody, limitBody } from '../body.ts';
import { ProblemError } from '../problem.ts';
import type { Reporters } from '../reporters.ts';
import { targetOf } from '../target.ts';

const path = '/namespaces/:namespace/virtualmcpservers/:name/status';

/** What the cluster says of a resource. */
export interface ResourceStatus {
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  /** The whole `status` of the resource, what others wrote included; empty where nobody has written any. */
  readonly status: Readonly<Record<string, unknown>>;
}

/** Report a status, and read it back. */
export function statusRoutes(reporters: Reporters, maxBody: number) {
  return new Hono()
    .put(path, limitBody(maxBody), jsonBody(parseStatus), async c => {
      const reporter = reporters.get(targetOf(c.req.param()));
      // Not the request's signal: a report that arrived whole is delivered, also for a caller that hung up.
      return c.json(await reporter.reportStatus(c.req.valid('json')));
    })
    .get(path, async c => {
      const target = targetOf(c.req.param());
      const { metadata, status } = await reporters.get(target).read({ signal: c.req.raw.signal });
      const { resourceVersion, generation } = metadata;
      const answer: ResourceStatus = {
        ...target,
        resourceVersion,
        ...(generation !== undefined && { generation }),
        status: { ...status },
      };
      return c.json(answer);
    })
    .all(path, c => {
      const allow = 'GET, HEAD, PUT';
      throw new ProblemError('method_not_allowed', `Expected one of ${allow}, found ${c.req.method}.`, {
        allow,
      });
    });
}
