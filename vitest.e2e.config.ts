import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['vmcp-status-reporter-source', 'node', 'import', 'default'] } },
  resolve: { conditions: ['vmcp-status-reporter-source', 'node', 'import', 'default'] },
  test: {
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: ['test/e2e/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
