// The pictures of the page in the README: docs/page-1280.png, docs/page-390.png, and the wide one again in the dark.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './entries.ts';

const pictures = [
  { name: 'page-1280.png', width: 1280, height: 1080, colorScheme: 'light' },
  { name: 'page-1280-dark.png', width: 1280, height: 1080, colorScheme: 'dark' },
  { name: 'page-390.png', width: 390, height: 1080, colorScheme: 'light' },
] as const;

// Node runs TypeScript but no JSX.
const bundle = join(root, 'node_modules', '.cache', `screenshots-${process.pid}.mjs`);
await build({
  stdin: {
    contents: `export { samples } from './test/page/samples.ts';
      export { startPage } from './test/page/service.ts';
      export { startChromium } from './test/page/chromium.ts';`,
    resolveDir: root,
  },
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  conditions: ['vmcp-status-reporter-source', 'node', 'import'],
  jsx: 'automatic',
  jsxImportSource: 'hono/jsx',
  logLevel: 'warning',
});
const { samples, startPage, startChromium } = await import(bundle).finally(() => rm(bundle));

const now = Date.parse('2026-11-22T14:32:10Z');
const service = await startPage({ records: samples(now), now: () => now });
const browser = await startChromium();
try {
  await mkdir(join(root, 'docs'), { recursive: true });
  for (const { name, width, height, colorScheme } of pictures) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, timezoneId: 'UTC' });
    await page.clock.setFixedTime(now);
    await page.goto(service.url);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.screenshot({ path: join(root, 'docs', name) });
    await page.close();
  }
} finally {
  await browser.close();
  await service.stop();
}
