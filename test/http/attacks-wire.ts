// Sends a request byte for byte, as no HTTP client would.
import { connect } from 'node:net';
import type { RawRequest } from './attacks-targets.ts';

export interface RawAnswer {
  /** 0 where the connection was closed without an answer. */
  status: number;
  /** Headers and body, as they came. */
  text: string;
}

/** Milliseconds: far more than the service gives a body that does not end, on a busy machine too. */
const timeout = 60_000;

/** One connection for one request; ends with the first answer. Rejects when none comes in time. */
export function sendRaw(url: string, request: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(Number(port), hostname);
    const late = setTimeout(() => {
      socket.destroy();
      reject(
        new Error(`no answer within ${timeout} ms; received: ${JSON.stringify(received.slice(0, 200))}`),
      );
    }, timeout);
    const end = () => {
      clearTimeout(late);
      socket.destroy();
      resolve({ status: statusOf(received), text: received });
    };
    socket.setEncoding('latin1');
    socket.on('connect', () => {
      socket.write(head(request), 'latin1');
      if (request.body !== undefined) socket.write(request.body);
    });
    socket.on('data', (text: string) => {
      received += text;
      if (isWhole(received)) end();
    });
    // A server that refuses early may reset the connection while we still send.
    socket.on('error', end);
    socket.on('close', end);
  });
}

function head({ method, target, headers, body }: RawRequest): string {
  const sized = headers.some(([name]) => /^(content-length|transfer-encoding)$/.test(name));
  const length: [string, string][] =
    body === undefined || sized ? [] : [['content-length', String(Buffer.byteLength(body))]];
  const host = headers.some(([name]) => name === 'host') ? [] : [['host', '127.0.0.1']];
  const lines = [...host, ['connection', 'close'], ...headers, ...length];
  return `${method} ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

function statusOf(text: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
}

function isWhole(text: string): boolean {
  const [head = '', body] = text.split(/\r\n\r\n(.*)/s);
  if (body === undefined) return false;
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (length !== undefined) return body.length >= Number(length);
  return /^transfer-encoding: *chunked/im.test(head) ? body.endsWith('0\r\n\r\n') : false;
}
