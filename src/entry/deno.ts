import { type Handler, type Listen, urlOf } from './listen.ts';
import { main } from './main.ts';

/** The part of Deno that is used here. */
declare const Deno: {
  serve(
    options: { hostname: string; port: number; onListen: () => void },
    handler: (request: Request) => ReturnType<Handler>,
  ): { readonly addr: { readonly port: number }; shutdown(): Promise<void> };
};

const listen: Listen = async (handler, { host, port }) => {
  const server = Deno.serve({ hostname: host, port, onListen: () => {} }, request => handler(request));
  return { url: urlOf(host, server.addr.port), stop: () => server.shutdown() };
};

await main(listen);
