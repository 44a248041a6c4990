import type { MiddlewareHandler } from 'hono';
import { authorize } from './auth/authenticate.ts';
import type { ServiceEnv } from './env.ts';
import type { Authenticate, Caller, ResourceRecord, Verb } from './model.ts';
import { targetOf } from './target.ts';

/** Everybody, where nobody is asked who they are. */
const anybody: Caller = { name: 'anybody', partition: 'service', may: () => true };

/** Finds out who sends the request, and ends it where that is nobody known. */
export function authenticated(authenticate: Authenticate = () => anybody): MiddlewareHandler<ServiceEnv> {
  return async (c, next) => {
    c.set('caller', await authenticate(c.req.raw));
    await next();
  };
}

/**
 * Ends the request of a caller who may not do that with the resource which the path names.
 *
 * @param or what is enough as well
 */
export function allowed(verb: Verb, or?: Verb): MiddlewareHandler<ServiceEnv> {
  return async (c, next) => {
    const target = targetOf({ namespace: c.req.param('namespace') ?? '', name: c.req.param('name') ?? '' });
    const caller = c.get('caller');
    const enough = or !== undefined && (await caller.may(or, target));
    if (!enough) await authorize(caller, verb, target);
    c.set('target', target);
    await next();
  };
}

/** Those of the records that the caller may read. */
export async function readable(
  records: readonly ResourceRecord[],
  caller: Caller,
): Promise<readonly ResourceRecord[]> {
  const may = await Promise.all(records.map(record => caller.may('read', record)));
  return records.filter((_, index) => may[index]);
}
