// The attacks as tests of a service, wherever it runs.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeApiServer, type FakeApiServer } from '../../src/testing/index.ts';
import { type AttackPlan, planAttacks } from './attacks.ts';
import type { Attack, RawRequest } from './attacks-targets.ts';
import type { RawAnswer } from './attacks-wire.ts';

export interface Attacked {
  send(request: RawRequest, timeout?: number): Promise<RawAnswer>;
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

/**
 * @param start a service with `auth` by the plan's issuer, in front of `api`
 * @param wire whether `send` is a socket
 */
export function attackSuite(start: (surroundings: Surroundings) => Promise<Attacked>, wire: boolean): void {
  const api = createFakeApiServer({
    objects: ['team-a', 'team-b'].map(namespace => ({ namespace, name: 'gateway' })),
    tokens: { [serviceToken]: { user: 'service', groups: ['system:masters'] } },
  });
  let attacked: Attacked;
  const answers: string[] = [];

  beforeAll(async () => {
    attacked = await start({ plan, api, serviceToken });
  }, 90_000);
  afterAll(() => attacked?.close());

  async function deny(attack: Attack, timeout?: number): Promise<void> {
    api.clearRequests();
    const { status, text } = await attacked.send(attack, timeout);
    answers.push(text);
    expect(text.length, 'the answer costs more than the request').toBeLessThan(100_000);
    if (attack.expect === 'refused') expect(refusals.test(String(status)), text).toBe(true);
    else expect(status, text.slice(0, 2_000)).toBe(attack.expect);
    expect(api.requests).toStrictEqual([]);
  }

  const denied = plan.attacks.filter(attack => wire || !attack.wire);
  describe('denies', () => {
    it.each(denied.map(attack => [attack.name, attack] as const))('%s', async (_, attack) => deny(attack));
  });

  if (wire) {
    it('denies bodies that do not end, in time', async () => {
      await Promise.all(plan.slow.map(attack => deny(attack, 15_000)));
    }, 30_000);
  }

  it('tells no secret, neither to the attacker nor in its log', () => {
    const told = answers.join('\n') + attacked.log();
    for (const secret of plan.secrets) {
      expect(told.includes(secret), `a secret of ${secret.length} characters is told`).toBe(false);
      const signature = secret.split('.')[2] ?? '';
      if (signature.length > 20) expect(told.includes(signature)).toBe(false);
    }
  });

  it('still serves who is honest', async () => {
    const { status, text } = await attacked.send(plan.honest);
    expect(status, text).toBe(200);
    expect(api.get('team-a', 'gateway')?.status).toMatchObject({ phase: 'Ready' });
    expect(api.get('team-b', 'gateway')?.status ?? {}).not.toMatchObject({ phase: 'Ready' });
  });
}
