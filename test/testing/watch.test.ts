// Watches with a clock that stands still; test/contract has what the events say.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApi, objectPath } from './support.ts';

const collection = objectPath.replace('/demo', '');

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function readEvents(response: Response, count: number): Promise<{ type: string }[]> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (text.split('\n').length <= count) text += (await reader.read()).value ?? '';
  reader.releaseLock();
  return text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
}

describe('watch', () => {
  it('delivers at once what happens while it is open', async () => {
    const api = createApi();
    const response = await api.fetch(`${collection}?watch=true&resourceVersion=${api.revision}`);
    api.applyStatus('ns', 'demo', { phase: 'Ready' });
    api.delete('ns', 'demo');
    expect((await readEvents(response, 2)).map(({ type }) => type)).toEqual(['MODIFIED', 'DELETED']);
  });

  it('ends after timeoutSeconds, with a bookmark where bookmarks are allowed', async () => {
    const api = createApi();
    const query = `watch=true&timeoutSeconds=30&allowWatchBookmarks=true&resourceVersion=${api.revision}`;
    const text = (await api.fetch(`${collection}?${query}`)).text();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(JSON.parse(await text)).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'VirtualMCPServer', metadata: { resourceVersion: String(api.revision) } },
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves nothing behind when the client goes', async () => {
    const api = createApi();
    const controller = new AbortController();
    await api.fetch(`${collection}?watch=true`, { signal: controller.signal });
    expect(vi.getTimerCount()).toBe(1);
    controller.abort();
    expect(vi.getTimerCount()).toBe(0);
    const canceled = await api.fetch(`${collection}?watch=true`);
    await canceled.body?.cancel();
    expect(vi.getTimerCount()).toBe(0);
    api.applyStatus('ns', 'demo', { phase: 'Ready' });
  });

  it('of a revision that is forgotten ends with 410', async () => {
    const api = createApi();
    const old = api.revision;
    for (let index = 0; index <= 1001; index++) api.applyStatus('ns', 'demo', { message: String(index) });
    const text = await (await api.fetch(`${collection}?watch=true&resourceVersion=${old}`)).text();
    expect(JSON.parse(text)).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
  });
});
