import { type Handler, type Listen, urlOf } from './listen.ts';
import { main } from './main.ts';

/** The part of Deno that is used here. */
declare const Deno: {
  serve(
    options: { hostname: string; port: number; onListen: () => void },
    handler: (request: Request, info: { readonly completed: Promise<void> }) => ReturnType<Handler>,
  ): { readonly addr: { readonly port: number }; shutdown(): Promise<void> };
};

const listen: Listen = async (handler, { host, port }) => {
  const server = Deno.serve({ hostname: host, port, onListen: () => {} }, (request, { completed }) =>
    handler(withSignal(request, completed)),
  );
  return { url: urlOf(host, server.addr.port), stop: () => server.shutdown() };
};

/** Deno's own signal fires after good answers as well, and Deno complains to everybody who asks for it. */
function withSignal(request: Request, completed: Promise<void>): Request {
  const gone = new AbortController();
  completed.catch(reason => gone.abort(reason));
  return Object.defineProperty(request, 'signal', { value: gone.signal });
}

await main(listen);
