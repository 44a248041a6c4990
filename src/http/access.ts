import type { Context, MiddlewareHandler } from 'hono';
import { forbidden } from './auth/authenticate.ts';
import type { ServiceEnv } from './env.ts';
import type { Authenticate, Caller, ResourceRecord, Verb } from './model.ts';
import { type Target, targetOf } from './target.ts';

/** Everybody, where nobody is asked who they are. */
const anybody: Caller = { name: 'anybody', partition: 'service', may: () => true };

/** Finds out who sends the request, and ends it where that is nobody known. */
export function authenticated(authenticate: Authenticate = () => anybody): MiddlewareHandler<ServiceEnv> {
  return (c, next) => {
    const goOn = (caller: Caller) => {
      c.set('caller', caller);
      return next();
    };
    const caller = authenticate(c.req.raw);
    // Who is known already is not waited for.
    return 'then' in caller ? caller.then(goOn) : goOn(caller);
  };
}

/**
 * The resource that the path names. Ends the request of a caller who may not do that with it.
 *
 * @param or what is enough as well
 */
export async function targetFor(c: Context<ServiceEnv>, verb: Verb, or?: Verb): Promise<Target> {
  const target = targetOf({ namespace: c.req.param('namespace') ?? '', name: c.req.param('name') ?? '' });
  const caller = c.get('caller');
  const may = (or !== undefined && (await caller.may(or, target))) || (await caller.may(verb, target));
  if (!may) throw forbidden(verb, target);
  return target;
}

/** Those of the records that the caller may read. */
export async function readable(
  records: readonly ResourceRecord[],
  caller: Caller,
): Promise<readonly ResourceRecord[]> {
  const may = await Promise.all(records.map(record => caller.may('read', record)));
  return records.filter((_, index) => may[index]);
}
