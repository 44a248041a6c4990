import type { RequestIdVariables } from 'hono/request-id';

/** What comes with a request, as Hono's types say it. */
export interface ServiceEnv {
  Variables: RequestIdVariables;
  /** What the server hands over. */
  Bindings: {
    /** Path and query as they stood in the request line, before any URL parser resolved them. */
    readonly rawPath?: string;
  };
}
