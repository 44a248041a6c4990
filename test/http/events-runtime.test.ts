import { describe, expect, it } from 'vitest';
import { listeningService, programs, type RuntimeName } from '../entry/service.ts';
import { fastest } from '../support/fastest.ts';
import { startCluster } from './cluster-server.ts';
import { path } from './stub.ts';

const put = (url: string, status: object) =>
  fetch(url + path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(status),
  });

/** Opens the stream; `until` reads on until its text matches. */
async function watch(url: string) {
  const answer = await fetch(`${url}/v1/events`);
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  async function until(pattern: RegExp): Promise<void> {
    while (!pattern.test(text)) {
      const { done, value } = await reader.read();
      if (done) throw new Error(`The stream ended before ${pattern}: ${text}`);
      text += value;
    }
  }
  /** Rejects where the stream is cut off instead of ended. */
  async function rest(): Promise<string> {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text;
      text += value;
    }
  }
  return { until, rest };
}

describe.concurrent('the event stream of a real server', () => {
  // Bun's server closes what is silent for ten seconds; Node's close waits for open streams.
  it.each(Object.keys(programs) as RuntimeName[])(
    'on %s outlives quiet times, tells of a report within a second, and ends before the shutdown waits',
    async runtime => {
      await using cluster = await startCluster();
      await using service = await listeningService({
        runtime,
        env: { VMCP_KUBERNETES_SERVER: cluster.url },
      });
      const { until, rest } = await watch(service.url);
      await until(/^retry: 1000\n\n(: keep-alive\n\n){3,}$/);
      let round = 0;
      const report = async () => {
        const message = `round ${++round}`;
        const reported = performance.now();
        const told = until(new RegExp(`"message":"${message}".*"state":"delivered"`));
        await put(service.url, { phase: 'Degraded', message });
        await told;
        return performance.now() - reported;
      };
      expect(await fastest(1_000, report)).toBeLessThan(1_000);
      service.signal('SIGTERM');
      // With streams that did not end, it would end with the error of its own deadline.
      await rest();
      expect(await service.ended).toMatchObject({ code: 0 });
    },
  );
});
