import type { MiddlewareHandler } from 'hono';

/**
 * Reads a refused body to its end before the answer goes out. Left unread it would hold up the next request on the same
 * connection: Node's server waits half a second for its end and then closes.
 *
 * @param most bytes; a larger body is not waited for
 * @param patience milliseconds; a slower one is given up, and its connection with it
 */
export function readRefused(most: number, patience = 1_000): MiddlewareHandler {
  return async (c, next) => {
    await next();
    if (c.res.ok || Number(c.req.header('content-length') ?? most + 1) > most) return;
    const { body, bodyUsed } = c.req.raw;
    if (body === null || bodyUsed || body.locked) return;
    const reader = body.getReader();
    const late = setTimeout(() => void reader.cancel().catch(() => {}), patience);
    try {
      while (!(await reader.read()).done);
    } catch {
      // The caller hung up; there is nobody to wait for.
    } finally {
      clearTimeout(late);
    }
  };
}
