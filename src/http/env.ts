import type { RequestIdVariables } from 'hono/request-id';
import type { Caller } from './model.ts';
import type { Target } from './target.ts';

/** What comes with a request, as Hono's types say it. */
export interface ServiceEnv {
  Variables: RequestIdVariables & {
    /** Who sent it; set wherever somebody has to be known. */
    caller: Caller;
    /** The resource that its path names; set on the paths of one. */
    target: Target;
  };
  /** What the server hands over. */
  Bindings: {
    /** Path and query as they stood in the request line, before any URL parser resolved them. */
    readonly rawPath?: string;
  };
}
