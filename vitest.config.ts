import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['vmcp-status-reporter-source', 'node', 'import', 'default'] } },
  resolve: { conditions: ['vmcp-status-reporter-source', 'node', 'import', 'default'] },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', '**/node_modules/**'],
    restoreMocks: true,
    // Much of the suite waits for other processes: more workers than cores.
    maxWorkers: 4,
    // A machine with two cores and other work starts a process in seconds: only what hangs may reach these.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
  },
});
