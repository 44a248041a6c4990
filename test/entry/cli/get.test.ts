import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { staticCredentials } from '../../../src/credentials/static.ts';
import { startService } from '../../../src/entry/service.ts';
import { cli, cluster, file, listen } from './support.ts';

const status = {
  phase: 'Degraded',
  message: '1 of 2 backends can take requests',
  url: 'https://demo.example.com/mcp',
  observedGeneration: 1,
  backendCount: 1,
  conditions: [
    {
      type: 'Ready',
      status: 'False',
      reason: 'SomeBackendsUnhealthy',
      message: 'jira is away',
      lastTransitionTime: '2026-03-01T11:56:00Z',
    },
  ],
  discoveredBackends: [
    { name: 'github', status: 'ready', lastHealthCheck: '2026-03-01T11:59:50Z' },
    { name: 'jira', status: 'unavailable', consecutiveFailures: 3, circuitBreakerState: 'open' },
  ],
} as const;

const reported = () => cluster({ objects: [{ namespace: 'default', name: 'demo', status }] });

const view = `default/demo  Degraded  1 of 2 backends can take requests

url: https://demo.example.com/mcp
backends that can take requests: 1 of 2
observed generation: 1 of 1

CONDITION  STATUS  AGE  REASON                 MESSAGE
Ready      False   4m   SomeBackendsUnhealthy  jira is away

BACKEND  STATUS       CHECKED  FAILURES  CIRCUIT
github   ready        10s      -         -
jira     unavailable  -        3         open
`;

describe('get', () => {
  it('shows phase, conditions and backends', async () => {
    const { env } = await reported();
    expect(await cli(['get', 'demo'], { env })).toStrictEqual({ code: 0, out: view, err: '' });
  });

  it('prints the same as JSON and as YAML', async () => {
    const { env } = await reported();
    const json = JSON.parse((await cli(['get', 'demo', '-o', 'json'], { env })).out);
    expect(json).toMatchObject({ namespace: 'default', name: 'demo', generation: 1, status });
    expect(parse((await cli(['get', 'demo', '-o', 'yaml'], { env })).out)).toStrictEqual(json);
  });

  it('says so where there is no status yet', async () => {
    const { env } = await cluster();
    expect((await cli(['get', 'demo'], { env })).out).toMatch(/^default\/demo {2}(no phase|Pending)\n$/);
  });

  it('lets no text of somebody else speak to the terminal', async () => {
    const message = 'fine\u001b[2J\u001b]0;owned\u0007\r\nphase Ready \u202egnp.exe';
    const { env } = await cluster({
      objects: [{ namespace: 'default', name: 'demo', status: { phase: 'Failed', message } }],
    });
    const { out } = await cli(['get', 'demo'], { env, isTerminal: false });
    expect(out).toBe('default/demo  Failed  fine phase Ready gnp.exe\n');
  });

  it('takes namespace and server of the kubeconfig context', async () => {
    const { url } = await cluster({ objects: [{ namespace: 'team', name: 'demo', status }] });
    const config = {
      clusters: [{ name: 'c', cluster: { server: url } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'prod', context: { cluster: 'c', user: 'u', namespace: 'team' } }],
    };
    const path = await file(JSON.stringify(config));
    const ended = await cli(['get', 'demo', '--kubeconfig', path, '--context', 'prod']);
    expect(ended).toMatchObject({ code: 0, out: expect.stringMatching(/^team\/demo {2}Degraded/) });
    expect(await cli(['get', 'demo', '--kubeconfig', path, '--context', 'test'])).toMatchObject({ code: 2 });
  });
});

describe('colours', () => {
  const coloured = '\u001b[31mFailed\u001b[39m';
  it.each([
    [true, {}, true],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
    [true, { FORCE_COLOR: '0' }, false],
    [false, {}, false],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { CI: 'true' }, false],
  ])('on a terminal: %j, with %j: %j', async (isTerminal, variables, expected) => {
    const { env } = await cluster({
      objects: [{ namespace: 'default', name: 'demo', status: { phase: 'Failed' } }],
    });
    const { out } = await cli(['get', 'demo'], { env: { ...env, ...variables }, isTerminal });
    expect(out.includes(coloured)).toBe(expected);
  });

  it('of errors are for a terminal that shows these, whatever the output goes to', async () => {
    const complaint = async (complainsToTerminal: boolean) =>
      (await cli(['get'], { isTerminal: !complainsToTerminal, complainsToTerminal })).err;
    expect(await complaint(true)).toContain('\u001b[31merror:\u001b[39m ');
    expect(await complaint(false)).not.toContain('\u001b');
  });
});

describe('through the service', () => {
  const secret = 'a-shared-secret-of-a-gateway';

  async function service() {
    const { api, url } = await reported();
    const running = await startService({
      cluster: {
        credentials: staticCredentials({ server: url }),
        server: url,
        embedded: false,
        namespace: 'default',
        name: 'demo',
        stop: async () => {},
      },
      address: { host: '127.0.0.1', port: 0 },
      auth: { mode: 'token' },
      readTokens: async () => ({
        text: JSON.stringify([{ name: 'gateway', token: secret, targets: ['default/demo'] }]),
        source: 'test',
      }),
      listen,
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    });
    const through = ['--service', running.url, '--token-file', await file(`${secret}\n`)];
    return { api, url: running.url, through };
  }

  it('reads and reports', async () => {
    const { api, through } = await service();
    expect(await cli(['get', 'demo', ...through])).toStrictEqual({ code: 0, out: view, err: '' });
    const input = '{"phase":"Ready"}';
    const report = await cli(['report', 'demo', '-o', 'json', ...through], { input });
    expect(JSON.parse(report.out)).toMatchObject({ outcome: 'applied' });
    expect(api.get('default', 'demo')?.status).toMatchObject({ phase: 'Ready' });
  });

  it.each([
    [5, ['get', 'demo', '-n', 'other']],
    [5, ['report', 'other']],
  ])('ends with %i for %j', async (code, args) => {
    const { through } = await service();
    const ended = await cli([...args, ...through], { input: '{"phase":"Ready"}' });
    expect(ended).toMatchObject({ code, out: '' });
    expect(ended.err).toMatch(/^error: The service answered 403: /);
    expect(ended.err).not.toContain(secret);
  });

  it('ends with 5 without a token, with 1 where nothing listens, with 2 for what is no URL', async () => {
    const { url } = await service();
    expect(await cli(['get', 'demo', '--service', url])).toMatchObject({ code: 5 });
    expect(await cli(['get', 'demo', '--service', 'http://127.0.0.1:9'])).toMatchObject({ code: 1 });
    expect(await cli(['get', 'demo', '--service', 'demo.example.com'])).toMatchObject({ code: 2 });
  });

  it.each([
    ['is a web site', () => new Response('<h1>Welcome</h1>')],
    ['says nothing', () => new Response('', { status: 200 })],
    ['is not found', () => new Response('Not here', { status: 404 })],
  ])('ends with 1 where what answers %s, and says what to look at', async (_, answer) => {
    const { url } = await listen(answer, { host: '127.0.0.1', port: 0 });
    const ended = await cli(['get', 'demo', '--service', url]);
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toMatch(/^error: The service answered \d+: .* is the URL that of the service\?\n$/);
  });

  it('ends with 1 where the answer breaks off, and where it does not come in time', async () => {
    const broken = new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode('{"name":'));
        controller.error(new Error('gone'));
      },
    });
    const cut = await listen(() => new Response(broken), { host: '127.0.0.1', port: 0 });
    const unfinished = await cli(['get', 'demo', '--service', cut.url]);
    expect(unfinished).toMatchObject({ code: 1, err: expect.stringMatching(/^error: The service at .*\n$/) });
    const silent = await listen(() => new Promise(() => {}), { host: '127.0.0.1', port: 0 });
    const late = await cli(['get', 'demo', '--service', silent.url, '--timeout', '0.1']);
    expect(late).toMatchObject({ code: 1, err: expect.stringContaining('did not answer within 100 ms') });
  });
});
