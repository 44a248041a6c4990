// The page as a Worker shows it: of the whole network, whichever isolate is asked.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Update } from '../../src/http/page/live.tsx';
import { fastest } from '../support/fastest.ts';
import { type Edge, startEdge } from './edge.ts';

let edge: Edge;

beforeAll(async () => {
  edge = await startEdge({ names: ['alpha', 'beta'] });
  await edge.start();
  await edge.put('alpha', {
    phase: 'Ready',
    message: 'all is well',
    discoveredBackends: [{ name: 'github', status: 'ready' }],
  });
});
afterAll(() => edge.close());

describe('the page at the edge', () => {
  it('shows what was reported, under its own policy, to who may see it', async () => {
    const response = await edge.send('/');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toMatch(/script-src 'nonce-[^']+'/);
    const html = await response.text();
    expect(html).toContain('all is well');
    expect(html).toContain('github');
    expect((await edge.send('/', { headers: { authorization: '' } })).status).toBe(401);
  });

  it('carries a script that the bundler left whole', async () => {
    const [, script] = /<script nonce="[^"]+">(.*?)<\/script>/s.exec(await (await edge.send('/')).text())!;
    expect(() => new Function(script!)).not.toThrow();
    expect(script).not.toContain('__name');
  });

  it('is told of a report as it is delivered', async () => {
    const gone = new AbortController();
    const stream = await edge.send('/page/events', { signal: gone.signal });
    const updates = readUpdates(stream);
    const first = (await updates.next()).value as Update;
    expect(first.parts.map(([id]) => id)).toEqual(['overview', 'changes', 'servers']);
    let round = 0;
    const report = async () => {
      const message = `nothing works: ${++round}`;
      const reported = performance.now();
      const answer = edge.put('beta', { phase: 'Failed', message });
      let html = '';
      while (!html.includes('applied in') || !html.includes(message)) {
        html = JSON.stringify((await updates.next()).value);
      }
      expect((await answer).status).toBe(200);
      return performance.now() - reported;
    };
    expect(await fastest(5_000, report)).toBeLessThan(5_000);
    gone.abort();
  });
});

async function* readUpdates(answer: Response): AsyncGenerator<Update> {
  let rest = '';
  for await (const text of answer.body!.pipeThrough(new TextDecoderStream())) {
    const events = (rest + text).split('\n\n');
    rest = events.pop()!;
    for (const event of events) {
      const [, data] = /^event: update\ndata: (.*)$/m.exec(event) ?? [];
      if (data !== undefined) yield JSON.parse(data);
    }
  }
}
