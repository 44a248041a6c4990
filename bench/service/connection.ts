/** A kept connection of HTTP/1.1, and no more of a client than that: callers must not be what limits a service. */

import { createConnection, type Socket } from 'node:net';

export interface Connection {
  /** Sends a whole request, one at a time. @returns the status and the body of the answer */
  send(request: Uint8Array): Promise<{ status: number; body: string }>;
}

/** The bytes of a PUT of JSON. */
export function putRequest(url: URL, token: string, body: string): Uint8Array {
  const head = [
    `PUT ${url.pathname} HTTP/1.1`,
    `host: ${url.host}`,
    'connection: keep-alive',
    'content-type: application/json',
    `authorization: Bearer ${token}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Milliseconds after which a quiet connection is not used again: a server may be about to close it. */
const longestPause = 2_000;

export function connect({ hostname, port }: URL): Connection {
  let received = '';
  let waiting: PromiseWithResolvers<{ status: number; body: string }> | undefined;
  let socket: Socket | undefined;
  let answeredAt = 0;

  function open(): Socket {
    const mine = createConnection({ host: hostname, port: Number(port), noDelay: true });
    const gone = (error = new Error('The service closed a connection')) => {
      if (socket === mine) waiting?.reject(error);
    };
    return mine
      .setEncoding('latin1')
      .on('data', receive)
      .on('error', gone)
      .on('end', () => gone());
  }

  function receive(text: string): void {
    received += text;
    const end = received.indexOf('\r\n\r\n') + 4;
    if (end < 4) return;
    const length = /\r\ncontent-length: *(\d+)\r\n/i.exec(received)?.[1];
    if (length === undefined) throw new Error(`Expected a content-length, found ${received}`);
    if (received.length < end + Number(length)) return;
    const answer = { status: Number(received.slice(9, 12)), body: received.slice(end) };
    received = '';
    answeredAt = performance.now();
    waiting!.resolve(answer);
    waiting = undefined;
  }

  return {
    send(request) {
      if (socket === undefined || performance.now() - answeredAt > longestPause) {
        socket?.destroy();
        socket = open();
      }
      waiting = Promise.withResolvers();
      socket.write(request);
      return waiting.promise;
    },
  };
}
