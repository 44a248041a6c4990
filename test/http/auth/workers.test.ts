// Where no request may wait for what another one does: answers are shared, questions are not.
import { expect, it, vi } from 'vitest';
import { staticCredentials } from '../../../src/credentials/static.ts';
import { review } from '../../../src/http/auth/review.ts';
import { createFakeApiServer } from '../../../src/testing/index.ts';
import { bearer, demo, elsewhere } from './support.ts';

vi.mock('#transport', async () => {
  const transport = await import('../../../src/transport/fetch.ts');
  return { ...transport, lastingTimers: false };
});

it('each request asks for itself, but once, and what was answered serves the others', async () => {
  const api = createFakeApiServer({ tokens: { own: { user: 'service', groups: ['system:masters'] } } });
  const credentials = staticCredentials({ server: api.server, token: 'own' });
  const authenticate = review({
    credentials,
    async fetch(url, init) {
      // As long as all the others need to ask too.
      await new Promise(resolve => setTimeout(resolve, 10));
      return api.fetch(url, init as RequestInit);
    },
  });
  const asked = () => api.requests.map(({ path }) => path.split('/').at(-1));
  const callers = await Promise.all([1, 2].map(() => authenticate(bearer('own'))));
  expect(asked()).toStrictEqual(['tokenreviews', 'tokenreviews']);
  api.clearRequests();
  await Promise.all(callers.flatMap(caller => [demo, elsewhere].map(target => caller.may('read', target))));
  expect(asked()).toStrictEqual(['subjectaccessreviews', 'subjectaccessreviews']);
  await (await authenticate(bearer('own'))).may('read', demo);
  expect(asked()).toHaveLength(2);
});
