import { type Handler, type Listen, urlOf } from './listen.ts';
import { main } from './main.ts';

/** The part of Bun that is used here. */
declare const Bun: {
  serve(options: {
    hostname: string;
    port: number;
    /** Seconds. */
    idleTimeout: number;
    fetch: (request: Request) => ReturnType<Handler>;
  }): {
    readonly port: number;
    stop(): Promise<void>;
  };
};

const listen: Listen = async (handler, { host, port }) => {
  // Bun's own 10 s would end a connection before the app's limits, which answer, are reached.
  const server = Bun.serve({ hostname: host, port, idleTimeout: 120, fetch: request => handler(request) });
  return { url: urlOf(host, server.port), stop: () => server.stop() };
};

await main(listen);
