import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { timeout } from 'hono/timeout';
import type { ServiceEnv } from './env.ts';
import { ProblemError } from './problem.ts';

/** What a body may cost. */
export interface BodyLimits {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds until it has arrived whole. */
  readonly time: number;
}

/**
 * A function that reads the body as JSON (RFC 8259: UTF-8). One that is too large is refused before it is read whole.
 *
 * @throws (the function) ProblemError
 */
export function bodyReader({ size, time }: BodyLimits): (c: Context<ServiceEnv>) => Promise<unknown> {
  const tooLarge = () => {
    throw new ProblemError('too_large', `Expected a body of at most ${size} bytes.`);
  };
  const limit = bodyLimit({ maxSize: size, onError: tooLarge });
  const hurry = timeout(
    time,
    () => new ProblemError('slow_body', `Expected a body that arrives whole within ${time} ms.`),
  );

  return async c => {
    checkType(c.req.header('content-type'), c.req.header('content-encoding'));
    const length = announced(c.req.raw.headers);
    if (length !== undefined && length > size) tooLarge();
    let bytes: ArrayBuffer;
    const read = async () => {
      bytes = await c.req.arrayBuffer();
    };
    const readAll = (): Promise<unknown> => (length === undefined ? limit(c, read) : read());
    // Only the arrival is timed: a delivery has time limits of its own.
    await hurry(c, () => readAll().catch(brokenOff) as Promise<void>);
    return parseJson(bytes!);
  };
}

/**
 * How long a body is that says so: the server reads no more than that. To look for a body costs Node's server a `Request`
 * and two streams, more than all of a small one.
 */
function announced(headers: Headers): number | undefined {
  const length = headers.get('content-length');
  return length === null || headers.has('transfer-encoding') ? undefined : Number(length);
}

/** Whatever ends the reading, other than our own limits, happened to the body. */
function brokenOff(error: unknown): never {
  if (error instanceof ProblemError) throw error;
  throw new ProblemError('malformed', 'Expected a whole body, found one that breaks off.');
}

const json = /^application\/(?:[a-z0-9.-]+\+)?json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

function checkType(type: string | undefined, encoding: string | undefined): void {
  if (type === undefined || !json.test(type.trim())) {
    const found = type === undefined ? 'no content type' : JSON.stringify(type.slice(0, 100));
    throw new ProblemError(
      'unsupported_media_type',
      `Expected a body of type application/json, found ${found}.`,
      {
        accept: 'application/json',
      },
    );
  }
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new ProblemError('unsupported_media_type', 'Expected a body that is not compressed.', {
      'accept-encoding': 'identity',
    });
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseJson(bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    // What the parser says differs from runtime to runtime, and may quote the body.
    const found = bytes.byteLength === 0 ? 'an empty one' : `${bytes.byteLength} bytes that are not`;
    throw new ProblemError('malformed', `Expected a body that is JSON in UTF-8, found ${found}.`);
  }
}
