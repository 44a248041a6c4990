// Runs vmcp-status in this process, on a console that tests can read and write.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { onTestFinished } from 'vitest';
import type { Console } from '../../../src/entry/cli/console.ts';
import { run } from '../../../src/entry/cli/program.ts';
import type { Listen } from '../../../src/entry/listen.ts';
import { createFakeApiServer, type FakeApiServerOptions } from '../../../src/testing/index.ts';

export const now = Date.parse('2026-03-01T12:00:00Z');

/** A folder that is gone after the test. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'vmcp-cli-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A file with this text. */
export async function file(text: string, name = 'file'): Promise<string> {
  const path = join(await folder(), name);
  await writeFile(path, text);
  return path;
}

export const listen: Listen = async (handler, { host, port }) => {
  const server = createServer(getRequestListener(request => handler(request)));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise<void>(resolve => void server.close(() => resolve()).closeAllConnections()),
  };
};

/** The fake API server on a socket, with `default/demo`. */
export async function cluster(options: FakeApiServerOptions = {}) {
  const objects = [{ namespace: 'default', name: 'demo' }];
  const api = createFakeApiServer({ objects, now: () => new Date(now), ...options });
  const { url } = await listen(request => api.app.fetch(request), { host: '127.0.0.1', port: 0 });
  return { api, url, env: { VMCP_KUBERNETES_SERVER: url } };
}

export interface Started {
  /** The exit code. */
  readonly ended: Promise<number>;
  out(): string;
  err(): string;
  /** Waits until the output matches. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
  interrupt(): void;
}

export interface StartOptions
  extends Partial<Pick<Console, 'env' | 'isTerminal' | 'complainsToTerminal' | 'now'>> {
  /** Standard input. Default: a terminal. */
  readonly input?: string;
}

/** Starts vmcp-status; whoever starts something endless interrupts it. */
export function start(args: readonly string[], options: StartOptions = {}): Started {
  const { input, env = {}, isTerminal = false, complainsToTerminal = false } = options;
  const interruption = new AbortController();
  const text = { out: '', err: '' };
  let saw = () => {};
  const write = (stream: 'out' | 'err') => (part: string) => {
    text[stream] += part;
    saw();
  };
  const ended = run(args, {
    env,
    isTerminal,
    complainsToTerminal,
    width: 0,
    print: write('out'),
    complain: write('err'),
    log: write('err'),
    read: () => (input === undefined ? undefined : Promise.resolve(input)),
    listen,
    interrupted: () => interruption.signal,
    now: options.now ?? (() => now),
  });
  onTestFinished(() => interruption.abort());
  return {
    ended,
    out: () => text.out,
    err: () => text.err,
    interrupt: () => interruption.abort(),
    async seen(pattern) {
      const gone = ended.then(code => {
        throw new Error(`Ended with ${code} before it said ${pattern}: ${text.out}${text.err}`);
      });
      gone.catch(() => {});
      for (;;) {
        const match = pattern.exec(text.out + text.err);
        if (match) return match;
        await Promise.race([new Promise<void>(resolve => (saw = resolve)), gone]);
      }
    },
  };
}

/** Runs vmcp-status to its end. */
export async function cli(args: readonly string[], options?: StartOptions) {
  const started = start(args, options);
  const code = await started.ended;
  return { code, out: started.out(), err: started.err() };
}
