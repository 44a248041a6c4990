import type { Context } from 'hono';
import type { ServiceEnv } from './env.ts';

/** The request as `node:http` has it, where that is the server. */
export function incomingOf(c: Context<ServiceEnv>): ServiceEnv['Bindings']['incoming'] {
  return c.env?.incoming;
}
