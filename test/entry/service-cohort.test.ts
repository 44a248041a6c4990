import { expect, it, onTestFinished } from 'vitest';
import type { Handler } from '../../src/entry/listen.ts';
import { startService } from '../../src/entry/service.ts';

const nothing = () => {};
const credentials = { source: 'test', access: async () => ({ server: 'https://kubernetes.internal' }) };

/** What a service gives its server to call. */
async function handlerOf(): Promise<Handler> {
  const given = Promise.withResolvers<Handler>();
  const service = await startService({
    cluster: {
      credentials,
      server: 'https://kubernetes.internal',
      embedded: false,
      namespace: 'default',
      name: 'demo',
      stop: async () => {},
    },
    address: { host: '127.0.0.1', port: 0 },
    listen: async handler => {
      given.resolve(handler);
      return { url: 'http://127.0.0.1:1', stop: async () => {} };
    },
    logger: { debug: nothing, info: nothing, warn: nothing, error: nothing },
  });
  onTestFinished(() => service.stop());
  return given.promise;
}

it('a service begins with a request when all of the turn have arrived', async () => {
  const handle = await handlerOf();
  const paths: string[] = [];
  const send = async (path: string) => {
    const { status } = await handle(new Request(`http://127.0.0.1${path}`));
    paths.push(path);
    return status;
  };
  const answers = [send('/healthz')];
  // Longer than the first would take alone.
  for (let step = 0; step < 1_000; step++) await null;
  answers.push(send('/livez'));
  expect(paths).toStrictEqual([]);
  expect(await Promise.all(answers)).toStrictEqual([200, 200]);
});
