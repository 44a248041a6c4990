import { Hono } from 'hono/tiny';

/** Whether the process is there: nothing else is looked at. */
export function healthRoutes() {
  return new Hono().get('/healthz', c => c.text('ok'));
}
