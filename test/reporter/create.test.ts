import { afterEach, describe, expect, it, vi } from 'vitest';
import { createReporter } from '../../src/reporter/create.ts';
import { K8sReporter } from '../../src/reporter/kubernetes.ts';
import { LoggingReporter } from '../../src/reporter/logging.ts';
import { NoOpReporter } from '../../src/reporter/noop.ts';

const logger = () => ({ debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() });

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('createReporter', () => {
  it('reports to Kubernetes where both variables are set', () => {
    expect(createReporter({ env: { VMCP_NAME: 'demo', VMCP_NAMESPACE: 'ns' } })).toBeInstanceOf(K8sReporter);
  });

  it('does nothing where neither is set, and says nothing', () => {
    const log = logger();
    expect(createReporter({ env: {}, logger: log })).toBeInstanceOf(NoOpReporter);
    expect(log.warn).not.toHaveBeenCalled();
  });

  it.each([
    [{ VMCP_NAME: 'demo' }, 'VMCP_NAMESPACE is not'],
    [{ VMCP_NAMESPACE: 'ns', VMCP_NAME: '  ' }, 'VMCP_NAME is not'],
  ])('does nothing with %j, and warns of the missing one', (env, missing) => {
    const log = logger();
    expect(createReporter({ env, logger: log })).toBeInstanceOf(NoOpReporter);
    expect(log.warn.mock.calls).toEqual([[expect.stringContaining(missing)]]);
  });

  it("reads the process's own environment by default", () => {
    vi.stubEnv('VMCP_NAME', 'demo');
    vi.stubEnv('VMCP_NAMESPACE', 'ns');
    expect(createReporter()).toBeInstanceOf(K8sReporter);
  });

  it('refuses an environment that may not be read', () => {
    const env = new Proxy(
      {},
      {
        get: () => {
          throw new Error('NotCapable');
        },
      },
    );
    expect(() => createReporter({ env })).toThrow(
      expect.objectContaining({ code: 'configuration', message: expect.stringContaining('--allow-env') }),
    );
  });

  it('does no IO: what is missing rejects at start and with the first report', async () => {
    const reporter = createReporter({ env: { VMCP_NAME: 'demo', VMCP_NAMESPACE: 'ns' } });
    await expect(reporter.start()).rejects.toMatchObject({ code: 'configuration' });
    await expect(reporter.reportStatus({ phase: 'Ready' })).rejects.toMatchObject({ code: 'configuration' });
  });

  it.each([
    [{ name: 'Upper' }, /name: expected/],
    [{ namespace: 'a.b' }, /namespace: expected/],
    [{ fieldManager: 'a\nb' }, /fieldManager: expected/],
    [{ strategy: 'merge' as 'patch' }, /strategy: expected "apply", "patch" or "update", found "merge"/],
    [{ timeout: 0 }, /timeout: expected milliseconds/],
    [{ totalTimeout: Number.POSITIVE_INFINITY }, /totalTimeout: expected milliseconds/],
  ])('refuses %j', (options, message) => {
    const create = () => createReporter({ name: 'demo', namespace: 'ns', env: {}, ...options });
    expect(create).toThrow(
      expect.objectContaining({ code: 'configuration', message: expect.stringMatching(message) }),
    );
  });

  it('refuses an invalid final status', () => {
    const create = () =>
      createReporter({ name: 'demo', namespace: 'ns', env: {}, onShutdown: { phase: 'Off' as 'Failed' } });
    expect(create).toThrow(expect.objectContaining({ code: 'invalid_status' }));
  });
});

describe('NoOpReporter', () => {
  it('answers any number of reports, and starts and stops', async () => {
    await using reporter = new NoOpReporter();
    const results = await Promise.all([
      reporter.reportStatus({ phase: 'Ready' }),
      reporter.reportStatus(null),
    ]);
    expect(results).toEqual(Array(2).fill({ outcome: 'skipped', requests: 0, attempts: 0 }));
    await (await reporter.start())();
  });
});

describe('LoggingReporter', () => {
  const status = {
    phase: 'Ready',
    message: 'All is well',
    discoveredBackends: [{ name: 'a' }],
    timestamp: new Date('2026-01-02T03:04:05Z'),
  } as const;
  const fields = {
    phase: 'Ready',
    message: 'All is well',
    backendCount: 1,
    timestamp: '2026-01-02T03:04:05Z',
  };

  it('logs at debug level, message first, to a console', async () => {
    const log = logger();
    expect(await new LoggingReporter({ logger: log }).reportStatus(status)).toMatchObject({
      outcome: 'logged',
    });
    expect(log.debug.mock.calls).toEqual([['vMCP status', fields]]);
  });

  it('logs fields first to a pino', async () => {
    const log = { ...logger(), child: () => ({}) };
    await new LoggingReporter({ logger: log }).reportStatus(status);
    expect(log.debug.mock.calls).toEqual([[fields, 'vMCP status']]);
  });

  it('skips nothing but an absent status, and refuses an invalid one', async () => {
    const reporter = new LoggingReporter({ logger: logger() });
    expect(await reporter.reportStatus(undefined)).toMatchObject({ outcome: 'skipped' });
    await expect(reporter.reportStatus({ phase: 'Fine' as 'Ready' })).rejects.toMatchObject({
      code: 'invalid_status',
    });
  });
});
