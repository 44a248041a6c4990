import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cli, cluster, file, listen } from './support.ts';

const health = `
- name: github
  url: https://github.example.com/mcp
  health: healthy
- name: jira
  health: unhealthy
  error: connect ECONNREFUSED 10.0.0.1:443
`;

describe('report', () => {
  it('reports JSON from the standard input', async () => {
    const { api, env } = await cluster();
    const input = '{"phase":"Ready","message":"up"}';
    const first = await cli(['report', 'demo'], { env, input });
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^default\/demo: applied \(resourceVersion \d+, 2 requests\)\n$/);
    expect(api.get('default', 'demo')?.status).toMatchObject({ phase: 'Ready', message: 'up' });
    expect((await cli(['report', 'demo'], { env, input })).out).toContain('unchanged, the resource says so');
  });

  it('reports YAML from a file, and prints the result as JSON or YAML', async () => {
    const { api, env } = await cluster();
    const path = await file(
      'phase: Degraded\nconditions:\n  - {type: Ready, status: "False", reason: Some}\n',
    );
    const json = await cli(['report', 'demo', '-f', path, '-o', 'json'], { env });
    expect(JSON.parse(json.out)).toMatchObject({ outcome: 'applied', requests: 2, attempts: 1 });
    const yaml = await cli(['report', 'demo', '--file', path, '--output=yaml'], { env });
    expect(parse(yaml.out)).toMatchObject({ outcome: 'unchanged' });
    expect(api.get('default', 'demo')?.status?.conditions).toMatchObject([
      { type: 'Ready', status: 'False' },
    ]);
  });

  it('takes the resource from the environment', async () => {
    const { api, env } = await cluster({ objects: [{ namespace: 'team', name: 'search' }] });
    const set = { ...env, VMCP_NAME: 'search', VMCP_NAMESPACE: 'team' };
    expect(await cli(['report'], { env: set, input: '{"phase":"Ready"}' })).toMatchObject({ code: 0 });
    expect(api.get('team', 'search')?.status).toMatchObject({ phase: 'Ready' });
  });

  it.each([
    [3, 'an invalid status', '{"phase":"Up","extra":1}', ['demo'], /phase: expected .* found "Up"; extra/],
    [2, 'no JSON and no YAML', 'phase: [', ['demo'], /^error: Expected JSON or YAML in the standard input/],
    [
      2,
      'YAML that names what is not there',
      'phase: *up',
      ['demo'],
      /^error: Expected JSON or YAML .*: Unresolved alias/,
    ],
    [2, 'several documents', 'phase: Ready\n---\nphase: Failed\n', ['demo'], /multiple documents/],
    [2, 'nothing at all', ' \n', ['demo'], /found nothing/],
    [2, 'a terminal', undefined, ['demo'], /name a file with --file, or pipe into this/],
    [
      2,
      'a file that is not there',
      '',
      ['demo', '-f', '/nowhere/s.json'],
      /cannot read \/nowhere\/s.json \(ENOENT\)/,
    ],
    [2, 'no name', '{"phase":"Ready"}', [], /set VMCP_NAME/],
    [2, 'a bad name', '{"phase":"Ready"}', ['De mo'], /name: expected/],
    [4, 'a resource that is not there', '{"phase":"Ready"}', ['other'], /404 NotFound/],
  ])('ends with %i for %s', async (code, _, input, args, message) => {
    const { api, env } = await cluster();
    const { api: _api, ...options } = { api, env, ...(input !== undefined && { input }) };
    const ended = await cli(['report', ...args], options);
    expect(ended).toMatchObject({ code, out: '' });
    expect(ended.err).toMatch(message);
    if (code < 4) expect(api.requests).toStrictEqual([]);
  });

  it('ends with 5 where the credential is not accepted, and with 5 where it may not; no token is said', async () => {
    const { env } = await cluster({ tokens: { 'known-secret': { user: 'nobody' } } });
    const as = (token: string) =>
      cli(['report', 'demo'], { env: { ...env, VMCP_KUBERNETES_TOKEN: token }, input: '{"phase":"Ready"}' });
    const unknown = await as('unknown-secret');
    expect(unknown).toMatchObject({ code: 5 });
    expect(unknown.err).toMatch(/401 Unauthorized/);
    const powerless = await as('known-secret');
    expect(powerless).toMatchObject({ code: 5 });
    expect(powerless.err).toMatch(/403 Forbidden/);
    expect(unknown.err + powerless.err).not.toContain('secret');
  });

  it('ends with 1 where nothing listens, after the timeout', async () => {
    const env = { VMCP_KUBERNETES_SERVER: 'http://127.0.0.1:9' };
    const ended = await cli(['report', 'demo', '--timeout', '0.2'], { env, input: '{"phase":"Ready"}' });
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toMatch(/^error: .*(totalTimeout|ECONNREFUSED)/);
  });

  it('ends with 1 where nobody answers, and has not asked again behind the back of who was told so', async () => {
    let requests = 0;
    const silent = () => {
      requests++;
      return new Promise<Response>(() => {});
    };
    const { url } = await listen(silent, { host: '127.0.0.1', port: 0 });
    const env = { VMCP_KUBERNETES_SERVER: url };
    const ended = await cli(['report', 'demo', '--timeout', '2'], { env, input: '{"phase":"Ready"}' });
    expect(ended).toMatchObject({ code: 1, err: expect.stringContaining('totalTimeout') });
    expect(requests).toBe(1);
  });

  it('ends with 2 where no cluster is named: nothing is written anywhere unasked', async () => {
    const ended = await cli(['report', 'demo'], { input: '{"phase":"Ready"}' });
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toMatch(/--context or --kubeconfig, or set KUBECONFIG/);
  });
});

describe('backends', () => {
  it('makes a status and shows it', async () => {
    const { code, out } = await cli(['backends'], { input: health });
    expect(code).toBe(0);
    expect(out).toBe(`status  Degraded  1 of 2 backends can take requests (1 unhealthy)

backends that can take requests: 1 of 2

CONDITION           STATUS  AGE  REASON                 MESSAGE
Ready               False   0s   SomeBackendsUnhealthy  1 of 2 backends can take requests (1 unhealthy)
BackendsDiscovered  True    0s   BackendsDiscovered     2 backends found

BACKEND  STATUS       URL                             MESSAGE
github   ready        https://github.example.com/mcp  Answers its health checks
jira     unavailable  -                               Health check: connection failed
`);
  });

  it('prints what report takes', async () => {
    const { api, env } = await cluster();
    const { out } = await cli(['backends', '-o', 'yaml'], { input: health });
    expect(await cli(['report', 'demo'], { env, input: out })).toMatchObject({ code: 0 });
    expect(api.get('default', 'demo')?.status).toMatchObject({ phase: 'Degraded', backendCount: 1 });
  });

  it('reports it with --report', async () => {
    const { api, env } = await cluster();
    const { code, out } = await cli(['backends', 'demo', '--report'], { env, input: health });
    expect([code, out]).toStrictEqual([0, expect.stringContaining('default/demo: applied')]);
    expect(api.get('default', 'demo')?.status).toMatchObject({ phase: 'Degraded', backendCount: 1 });
  });

  it('knows of backends that were not checked yet', async () => {
    const { out } = await cli(['backends', '--configured', '3', '-o', 'json'], { input: '[]' });
    expect(JSON.parse(out)).toMatchObject({ phase: 'Pending' });
    expect(await cli(['backends', '--configured', '-1'], { input: '[]' })).toMatchObject({ code: 2 });
  });

  it('ends with 3 for what is no health', async () => {
    const ended = await cli(['backends'], { input: '[{"name":"a","health":"fine"}]' });
    expect(ended).toMatchObject({ code: 3, out: '' });
    expect(ended.err).toMatch(/\[0\]\.health: expected/);
  });
});
