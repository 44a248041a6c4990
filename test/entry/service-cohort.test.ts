import { expect, it, onTestFinished } from 'vitest';
import type { Handler } from '../../src/entry/listen.ts';
import { serviceBehind } from './in-process.ts';

/** What a service gives its server to call. */
async function handlerOf(): Promise<Handler> {
  const given = Promise.withResolvers<Handler>();
  const service = await serviceBehind(async handler => {
    given.resolve(handler);
    return { url: 'http://127.0.0.1:1', stop: async () => {} };
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
