/** `Bun.serve`, as far as it is used here; Bun has no other server that is as fast. */

export type Fetch = (request: Request, env?: object) => Response | Promise<Response>;

interface BunRuntime {
  serve(options: { hostname: string; port: number; fetch: Fetch }): { port: number };
}

/** On Bun, a function that serves and gives back the port. */
export function bunServe(): ((fetch: Fetch) => number) | undefined {
  const { Bun } = globalThis as { Bun?: BunRuntime };
  return Bun && (fetch => Bun.serve({ hostname: '127.0.0.1', port: 0, fetch }).port);
}
