import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['vmcp-status-reporter-source', 'node', 'import', 'default'] } },
  resolve: { conditions: ['vmcp-status-reporter-source', 'node', 'import', 'default'] },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', '**/node_modules/**'],
    restoreMocks: true,
    testTimeout: 20_000,
  },
});
