import { type Handler, type Listen, urlOf } from './listen.ts';
import { main } from './main.ts';

/** The part of Bun that is used here. */
declare const Bun: {
  serve(options: { hostname: string; port: number; fetch: (request: Request) => ReturnType<Handler> }): {
    readonly port: number;
    stop(): Promise<void>;
  };
};

const listen: Listen = async (handler, { host, port }) => {
  const server = Bun.serve({ hostname: host, port, fetch: request => handler(request) });
  return { url: urlOf(host, server.port), stop: () => server.stop() };
};

await main(listen);
