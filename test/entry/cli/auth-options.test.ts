// What the options of `serve` make of callers. Whether the built command takes them, the tests of `serve` show.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { staticCredentials } from '../../../src/credentials/static.ts';
import { type AuthChoice, readAuth, tokensReader } from '../../../src/entry/cli/auth-options.ts';
import { createAuthenticator } from '../../../src/http/auth/authenticator.ts';
import { bearer, createIssuer, noon, refusal, rights } from '../../http/auth/support.ts';
import { projectRoot } from '../../support/sources.ts';
import { file } from './support.ts';

const issued = await createIssuer();

/** The authenticator that the options ask for, on a clock of its own. */
async function authenticator(choice: AuthChoice, env: Record<string, string> = {}) {
  const clock = { now: noon };
  const config = await readAuth(choice);
  const readTokens = tokensReader(choice, { env });
  const authenticate = createAuthenticator(config!, {
    credentials: staticCredentials({ server: 'https://kubernetes.test', token: 'of-the-service' }),
    now: () => clock.now,
    fetch: async url => Response.json(url.endsWith('/jwks') ? issued.jwks : { issuer: issued.issuer }),
    ...(readTokens && { readTokens }),
  });
  return { authenticate, clock };
}

const entry = (token: string) => JSON.stringify([{ name: 'edge', token, targets: ['team-a/*'] }]);

describe('--auth token', () => {
  it('follows its file without a restart: within ten seconds the old secret is nobody’s', async () => {
    const tokensFile = await file(entry('the-old-one'));
    const { authenticate, clock } = await authenticator({ auth: 'token', tokensFile });
    expect((await authenticate(bearer('the-old-one'))).name).toBe('edge');
    // As Kubernetes does it with a Secret: the new file takes the place of the old one.
    await writeFile(`${tokensFile}.new`, entry('the-new-one'));
    await rename(`${tokensFile}.new`, tokensFile);
    clock.now += 10_000;
    expect(await rights(await authenticate(bearer('the-new-one')))).toMatchObject({ report: true });
    expect((await refusal(authenticate, bearer('the-old-one'))).code).toBe('unauthenticated');
  });

  it('goes on with what it read where the file is away, and lets nobody in where it is empty of secrets', async () => {
    const tokensFile = await file(entry('secret'));
    const { authenticate, clock } = await authenticator({ auth: 'token', tokensFile });
    await authenticate(bearer('secret'));
    await rm(tokensFile);
    clock.now += 10_000;
    await authenticate(bearer('secret'));
    await writeFile(tokensFile, '[]');
    clock.now += 10_000;
    expect((await refusal(authenticate, bearer('secret'))).code).toBe('unauthenticated');
  });

  it('takes the environment where there is no file, and the file before it', async () => {
    const env = { VMCP_STATUS_TOKENS: entry('of-the-environment') };
    const { authenticate } = await authenticator({ auth: 'token' }, env);
    expect((await authenticate(bearer('of-the-environment'))).name).toBe('edge');
    const both = await authenticator({ auth: 'token', tokensFile: await file(entry('of-the-file')) }, env);
    expect((await refusal(both.authenticate, bearer('of-the-environment'))).code).toBe('unauthenticated');
  });
});

describe('--auth jwt', () => {
  it('lets the tokens of the cluster do what is in their own namespace', async () => {
    const { authenticate } = await authenticator({ auth: 'jwt' });
    const caller = await authenticate(bearer(await issued.sign()));
    expect(await rights(caller)).toStrictEqual({ report: true, read: true, elsewhere: false });
  });

  it.each([
    ['JSON', '[{"subject": "system:serviceaccount:team-a:*", "targets": ["team-b/*"]}]'],
    ['YAML', '- subject: "system:serviceaccount:team-a:*"\n  targets: ["team-b/*"]\n'],
  ])('lets them do what the rules say instead, in %s', async (_, text) => {
    const { authenticate } = await authenticator({ auth: 'jwt', rules: await file(text) });
    const caller = await authenticate(bearer(await issued.sign()));
    expect(await rights(caller)).toStrictEqual({ report: false, read: false, elsewhere: true });
  });

  it('is for the audiences and of the issuer that are named', async () => {
    const issuer = 'https://another.example';
    const { authenticate } = await authenticator({ auth: 'jwt', audience: ['mine', 'ours'], issuer });
    await authenticate(bearer(await issued.sign({ iss: issuer, aud: 'ours' })));
    for (const changes of [{ iss: issuer }, { aud: 'ours' }]) {
      expect((await refusal(authenticate, bearer(await issued.sign(changes)))).code).toBe('unauthenticated');
    }
  });

  it('takes the rules that the README shows', async () => {
    const readme = await readFile(join(projectRoot, 'README.md'), 'utf8');
    const text = /```yaml\n(# --rules.*?)```/s.exec(readme)?.[1] ?? '';
    const { authenticate } = await authenticator({ auth: 'jwt', rules: await file(text) });
    const may = async (claims: object) =>
      rights(await authenticate(bearer(await issued.sign({ ...claims }))));
    expect(await may({ sub: 'system:serviceaccount:gateways:x' })).toMatchObject({
      report: true,
      elsewhere: false,
    });
    expect(await may({})).toMatchObject({ report: false, read: false });
    const operator = { sub: 'o', groups: ['operators'], realm_access: { env: 'prod' } };
    expect(await may(operator)).toStrictEqual({ report: false, read: true, elsewhere: true });
  });

  it.each([
    ['nothing', ''],
    ['one rule', '{"targets": ["*/*"]}'],
    ['text', 'allow everything'],
  ])('does not begin with %s for rules', async (_, text) => {
    await expect(readAuth({ auth: 'jwt', rules: await file(text) })).rejects.toMatchObject({
      code: 'configuration',
    });
  });

  it('does not begin with a rule that is none', async () => {
    const rules = await file('[{"subjects": "x", "targets": ["*/*"]}]');
    await expect(authenticator({ auth: 'jwt', rules })).rejects.toMatchObject({ code: 'configuration' });
  });
});

it('--auth review and passthrough take what is theirs', async () => {
  expect(await readAuth({ auth: 'review', audience: ['mine'] })).toStrictEqual({
    mode: 'review',
    audiences: ['mine'],
  });
  expect(await readAuth({ auth: 'passthrough' })).toStrictEqual({ mode: 'passthrough' });
  expect(await readAuth({})).toBeUndefined();
  for (const choice of [
    { audience: ['x'] },
    { rules: 'x' },
    { tokensFile: 'x' },
    { issuer: 'x' },
    { jwks: 'x' },
  ]) {
    await expect(readAuth({ auth: 'passthrough', ...choice })).rejects.toThrow(/expected --auth/);
  }
});
