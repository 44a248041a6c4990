// The attacks as tests of a service, wherever it runs.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeApiServer, type FakeApiServer } from '../../src/testing/index.ts';
import { type AttackPlan, planAttacks } from './attacks.ts';
import type { Attack, RawRequest } from './attacks-targets.ts';
import type { RawAnswer } from './attacks-wire.ts';

export interface Attacked {
  send(request: RawRequest): Promise<RawAnswer>;
  /** Everything that the service has written so far. */
  log(): string;
  close(): Promise<void>;
}

export interface Surroundings {
  plan: AttackPlan;
  api: FakeApiServer;
  /** The service's own token for `api`. */
  serviceToken: string;
}

const serviceToken = 'the-credential-of-the-service-itself';
// 505 is what Bun makes of a request line that has too many words.
const refusals = /^(0|4\d\d|505)$/;
const plan = await planAttacks(serviceToken);

export interface AttackOptions {
  /** Whether `send` is a socket. */
  wire: boolean;
  /** Whether the service asks the cluster about callers. Questions do not count as reports that got through. */
  asks?: boolean;
}

/** @param start a service, in front of `api`, that knows the caller of `plan.honest` */
export function attackSuite(
  start: (surroundings: Surroundings) => Promise<Attacked>,
  { wire, asks = false }: AttackOptions,
): void {
  const rule = { user: plan.user, namespace: 'team-a' };
  const api = createFakeApiServer({
    objects: ['team-a', 'team-b'].map(namespace => ({ namespace, name: 'gateway' })),
    tokens: { [serviceToken]: { user: 'service', groups: ['system:masters'] }, [plan.token]: rule },
    rules: [
      { ...rule, resources: ['virtualmcpservers'], verbs: ['get'] },
      { ...rule, resources: ['virtualmcpservers/status'], verbs: ['patch'] },
    ],
  });
  let attacked: Attacked;
  const answers: string[] = [];
  const gotThrough = () =>
    api.requests
      .map(({ method, path }) => `${method} ${path}`)
      .filter(line => !(asks && /reviews$/.test(line)));

  beforeAll(async () => {
    attacked = await start({ plan, api, serviceToken });
  });
  afterAll(() => attacked?.close());

  async function deny(attack: Attack): Promise<void> {
    const { status, text } = await attacked.send(attack);
    answers.push(text);
    expect(text.length, 'the answer costs more than the request').toBeLessThan(100_000);
    if (attack.expect === 'refused') expect(refusals.test(String(status)), text).toBe(true);
    else expect(status, text.slice(0, 2_000)).toBe(attack.expect);
    expect(gotThrough()).toStrictEqual([]);
  }

  // Where the cluster is asked, the credential of the service is as good as any other.
  const denied = plan.attacks.filter(
    ({ name, wire: only }) => (wire || !only) && !(asks && /own credential/.test(name)),
  );
  describe('denies', () => {
    it.each(denied.map(attack => [attack.name, attack] as const))('%s', async (_, attack) => deny(attack));
  });

  if (wire) {
    it('denies bodies that do not end, in time', async () => {
      await Promise.all(plan.slow.map(attack => deny(attack)));
    });
  }

  it('tells no secret, neither to the attacker nor in its log', async () => {
    // Of those who were refused there is a log, or nothing would be shown by what is not in it.
    for (const status of [400, 401, 403, 413, 415, 422])
      await expect.poll(() => attacked.log()).toMatch(new RegExp(`PUT /v1/[^ ]+: ${status}`));
    const told = answers.join('\n') + attacked.log();
    for (const secret of plan.secrets) {
      expect(told.includes(secret), `a secret of ${secret.length} characters is told`).toBe(false);
      const signature = secret.split('.')[2] ?? '';
      if (signature.length > 20) expect(told.includes(signature)).toBe(false);
    }
  });

  it('let nothing through, not even later', () => expect(gotThrough()).toStrictEqual([]));

  it('still serves who is honest', async () => {
    const { status, text } = await attacked.send(plan.honest);
    expect(status, text).toBe(200);
    expect(api.get('team-a', 'gateway')?.status).toMatchObject({ phase: 'Ready' });
    expect(api.get('team-b', 'gateway')?.status ?? {}).not.toMatchObject({ phase: 'Ready' });
  });
}
