// What `npm start` opens with, in Chromium: the page live on the embedded API server, before a gateway whose backends change.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { listeningService } from '../entry/service.ts';
import { startChromium } from '../page/chromium.ts';
import { runProcess } from '../support/child-process.ts';
import { freePort } from '../support/free-port.ts';
import { projectRoot } from '../support/sources.ts';

let browser: Browser;

beforeAll(async () => {
  await runProcess(process.execPath, ['scripts/build.ts'], { cwd: projectRoot, timeout: 250_000 });
  browser = await startChromium();
});

afterAll(() => browser?.close());

async function open(url: string): Promise<Page> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  // What is missed on a busy machine comes again with the gateway's next trouble.
  page.setDefaultTimeout(120_000);
  await page.goto(url);
  await page.getByText('Live', { exact: true }).waitFor();
  // What comes from now on comes live: a page that was loaded anew would not have it.
  await page.evaluate(() => document.body.setAttribute('data-same', 'yes'));
  return page;
}

const gatewayIn = (phase: string) =>
  `body[data-same] article[data-phase=${phase}]:has-text("default/demo-gateway")`;

it('shows trouble come and go, at a gateway that is built in', async () => {
  await using service = await listeningService();
  const page = await open(service.url);
  await page.locator(gatewayIn('Ready')).waitFor();
  const degraded = page.locator(gatewayIn('Degraded'));
  await degraded.waitFor();
  await degraded
    .getByRole('row', { name: /(unavailable|degraded)/ })
    .first()
    .waitFor();
  await degraded.getByText(/^(applied|unchanged) in \d+ m?s/).waitFor();
  await page.locator(gatewayIn('Ready')).waitFor();
  const changes = page.getByRole('region', { name: 'Phase changes' });
  await expect(changes.innerText()).resolves.toMatch(/Ready\s+default\/demo-gateway was Degraded/);
}, 600_000);

it('outlives the process: it ends in good time with the page open, and the page finds the next one', async () => {
  const args = ['--port', String(await freePort())];
  await using first = await listeningService({ args });
  const page = await open(first.url);
  first.signal('SIGTERM');
  expect(await first.ended).toMatchObject({ code: 0 });
  await page.getByText(/^Disconnected since .+; trying again$/).waitFor();
  await using second = await listeningService({ args });
  await page.getByText('Live', { exact: true }).waitFor();
  const reported = await fetch(`${second.url}/v1/namespaces/default/virtualmcpservers/demo/status`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ phase: 'Degraded', message: 'after the restart' }),
  });
  expect(reported.status).toBe(200);
  await page.locator('body[data-same]').getByText('after the restart').first().waitFor();
});
