import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Edge, namespace, startEdge } from './edge.ts';

const issuer = 'https://issuer.example';
let edge: Edge;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;

beforeAll(async () => {
  keys = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES256' };
  edge = await startEdge({
    names: ['demo'],
    bindings: server => ({
      SERVICE_TOKEN: '',
      VMCP_STATUS_AUTH: 'jwt',
      VMCP_STATUS_ISSUER: issuer,
      VMCP_STATUS_JWKS: `${server}/keys`,
      VMCP_STATUS_AUDIENCE: 'edge, other',
      VMCP_STATUS_RULES: JSON.stringify([{ subject: 'gateway', targets: [`${namespace}/*`] }]),
    }),
  });
  edge.behaviour.instead = request =>
    request.url.endsWith('/keys') ? Response.json({ keys: [jwk] }) : undefined;
  await edge.start();
});
afterAll(() => edge.close());

async function tokenFor(subject: string, audience = 'edge') {
  const token = await new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setSubject(subject)
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime('5m')
    .sign(keys.privateKey);
  return { authorization: `Bearer ${token}` };
}

const report = { phase: 'Ready' };

describe('tokens of an issuer, at the edge', () => {
  it('are verified where many come at once and the keys are slow: no request waits for what another one fetches', async () => {
    edge.behaviour.delay = 200;
    const headers = await tokenFor('gateway');
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => edge.put('demo', report, headers)));
    expect(answers.map(({ status }) => status)).toStrictEqual([200, 200, 200, 200, 200]);
    edge.behaviour.delay = 0;
  });

  it('need no more keys for a while', async () => {
    const before = edge.arrived('keys');
    expect((await edge.put('demo', report, await tokenFor('gateway'))).status).toBe(200);
    expect(edge.arrived('keys')).toBe(before);
  });

  it('let nobody else in, and nobody do more than its rule says', async () => {
    const before = edge.arrived('demo');
    expect((await edge.put('demo', report)).status).toBe(401);
    expect((await edge.put('demo', report, await tokenFor('gateway', 'somebody else'))).status).toBe(401);
    expect((await edge.put('demo', report, await tokenFor('stranger'))).status).toBe(403);
    expect(edge.arrived('demo')).toBe(before);
  });
});
