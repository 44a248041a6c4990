import type { Caller } from './model.ts';

/** What comes with a request, as Hono's types say it. */
export interface ServiceEnv {
  Variables: {
    /** Finds the request in the log. */
    requestId: string;
    /** The answer, where it says from the start what every answer says. */
    complete: Response;
    /** Who sent it; set wherever somebody has to be known. */
    caller: Caller;
  };
  /** What the server hands over. */
  Bindings: {
    /** The request as `node:http` has it. Its `url` is as in the request line, before any URL parser resolved it. */
    readonly incoming?: { readonly url?: string | undefined; readonly rawHeaders?: readonly string[] };
  };
}
