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
    testTimeout: 20_000,
  },
});
