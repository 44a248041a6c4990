// The page in a real browser: Chromium, as Debian ships it.
import type { AxeResults } from 'axe-core';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { token } from '../../src/http/auth/token.ts';
import type { ResourceRecord } from '../../src/http/model.ts';
import type { Phase } from '../../src/status/types.ts';
import { startChromium } from '../page/chromium.ts';
import { samples } from '../page/samples.ts';
import { type PageService, type PageServiceOptions, startPage } from '../page/service.ts';
import { fastest } from '../support/fastest.ts';
import { freePort } from '../support/free-port.ts';

let browser: Browser;
let service: PageService | undefined;
let page: Page | undefined;
/** What the browser complained of: errors of scripts, of the policy, of missing files. */
let complaints: string[] = [];

beforeAll(async () => {
  browser = await startChromium();
});

afterAll(() => browser?.close());

afterEach(async () => {
  await page?.context().close();
  await service?.stop();
  page = undefined;
  service = undefined;
});

async function open(
  options: BrowserContextOptions = {},
  serviceOptions: PageServiceOptions = {},
): Promise<{ page: Page; service: PageService }> {
  service = await startPage({ records: samples(Date.now()), ...serviceOptions });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  page = await context.newPage();
  complaints = [];
  page.on('pageerror', error => complaints.push(error.message));
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(service.url);
  return { page, service };
}

async function openLive(options: BrowserContextOptions = {}, serviceOptions: PageServiceOptions = {}) {
  const opened = await open(options, serviceOptions);
  await opened.page.getByText('Live', { exact: true }).waitFor();
  return opened;
}

/** The same resource after a report of another phase. */
function turned(record: ResourceRecord, phase: Phase, message: string): ResourceRecord {
  const at = new Date().toISOString();
  return {
    ...record,
    status: { ...record.status, phase, message },
    observedAt: at,
    delivery: { ...record.delivery, id: at, acceptedAt: at },
    timeline: [...record.timeline, { phase, at }],
  };
}

const search = (service: PageService) => service.store.get({ namespace: 'platform', name: 'search' })!;

describe('the page', () => {
  it('shows every resource: phase, message, backends, conditions with ages, delivery, contested fields', async () => {
    const { page } = await openLive();
    await expect(page.title()).resolves.toContain('1 of 3 servers needs attention');
    const server = page.getByRole('article', { name: 'payments/checkout-tools' });
    const text = await server.innerText();
    for (const part of [
      'Degraded',
      '3 of 4 backends can take requests (1 unhealthy)',
      'keeps changing back backendCount',
      'applied in 42 ms',
      'circuit breaker open',
      'SomeBackendsUnhealthy',
    ]) {
      expect(text).toContain(part);
    }
    const ready = server.getByRole('row', { name: /^Ready/ });
    await expect(ready.innerText()).resolves.toMatch(/False\s+4 min/);
    await expect(server.getByRole('table').count()).resolves.toBe(2);
    await expect(page.getByRole('article').count()).resolves.toBe(3);
    const changes = page.getByRole('region', { name: 'Phase changes' }).getByRole('listitem');
    await expect(changes.first().innerText()).resolves.toMatch(
      /Degraded\s+payments\/checkout-tools was Ready/,
    );
    expect(complaints).toEqual([]);
  });

  it('loads nothing from anywhere else and breaks no rule of its policy', async () => {
    const { page, service } = await openLive();
    const requested = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => name),
    );
    for (const url of requested)
      expect(url.startsWith(service.url) || url.startsWith('data:'), url).toBe(true);
    await page.evaluate(() =>
      document.body.append(Object.assign(document.createElement('script'), { text: 'late = 1' })),
    );
    await expect(page.evaluate(() => 'late' in globalThis)).resolves.toBe(false);
  });

  it('shows what gateways say as text, whatever it is', async () => {
    const now = Date.now();
    const [first, ...rest] = samples(now);
    const hostile = '<img src=x onerror="document.title=1"></script><script>document.title=1</script>';
    const backend = { name: hostile, url: 'javascript:document.title=1', status: hostile, message: hostile };
    const status = { ...first!.status, message: hostile, discoveredBackends: [backend] };
    const { page, service } = await openLive({}, { records: [{ ...first!, status }, ...rest] });
    service.store.put({ ...first!, status: { ...status, message: `again ${hostile}` } });
    await page.getByText('again <img').first().waitFor();
    await expect(page.title()).resolves.toContain('servers');
    await expect(page.locator('main img, main script, a[href^=javascript]').count()).resolves.toBe(0);
    expect(complaints).toEqual([]);
  });

  it('asks who is there: the token is the password, and opens what it may read', async () => {
    const authenticate = token({ tokens: [{ name: 'team', token: 's3cret', targets: ['platform/*'] }] });
    const records = samples(Date.now());
    const stranger = await startPage({ authenticate, records });
    const refused = await fetch(stranger.url, { headers: { accept: 'text/html' } });
    await stranger.stop();
    expect(refused.status).toBe(401);
    const { page, service } = await openLive(
      { httpCredentials: { username: 'any', password: 's3cret' } },
      { authenticate, records },
    );
    await expect(page.getByRole('article').count()).resolves.toBe(2);
    service.store.put(turned(records[0]!, 'Failed', 'a secret of payments'));
    service.store.put(turned(search(service), 'Degraded', 'one of ours'));
    await page.getByText('one of ours').first().waitFor();
    await expect(page.content()).resolves.not.toContain('payments');
  });
});

/** Milliseconds from a report until its text is in the page, by the clock that both have; the page itself looks. */
async function untilShown(page: Page, text: string, report: () => unknown): Promise<number> {
  const shown = page.evaluate(
    text =>
      new Promise<number>(resolve => {
        const look = () => {
          if (!document.body.textContent.includes(text)) return;
          observer.disconnect();
          resolve(Date.now());
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        look();
      }),
    text,
  );
  const reported = Date.now();
  await report();
  return (await shown) - reported;
}

describe('live', () => {
  it('shows a report within a second', async () => {
    const { page, service } = await openLive();
    const before = search(service);
    let round = 0;
    const measure = () => {
      const message = `None of 2 backends can take requests (${++round})`;
      return untilShown(page, message, () => service.store.put(turned(before, 'Failed', message)));
    };
    expect(await fastest(1000, measure)).toBeLessThan(1000);
    const server = page.getByRole('article', { name: 'platform/search' });
    await server.getByText(`None of 2 backends can take requests (${round})`).first().waitFor();
    await expect(page.title()).resolves.toContain('2 of 3 servers need attention');
    await expect(page.locator('#announcement').innerText()).resolves.toBe('platform/search is Failed.');
    await expect(page.locator('#changes li').first().innerText()).resolves.toMatch(
      /Failed\s+platform\/search was Ready/,
    );
  });

  it('shows a report that comes in over HTTP within a second', async () => {
    const { page, service } = await openLive();
    let round = 0;
    const measure = () => {
      const message = `the vault is slow (${++round})`;
      return untilShown(page, message, async () => {
        const path = 'v1/namespaces/platform/virtualmcpservers/search/status';
        const response = await fetch(service.url + path, {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ phase: 'Degraded', message }),
        });
        expect(response.status).toBe(200);
      });
    };
    expect(await fastest(1000, measure)).toBeLessThan(1000);
  });

  it('shows a resource that is new, in its place', async () => {
    const { page, service } = await openLive();
    service.store.put({ ...search(service), namespace: 'aaa', name: 'new-one' });
    await page.getByRole('article', { name: 'aaa/new-one' }).waitFor();
    const names = await page.getByRole('article').getByRole('heading').allInnerTexts();
    expect(names).toEqual(['aaa/new-one', 'payments/checkout-tools', 'platform/search', 'platform/wiki']);
  });

  it('lets ages grow', async () => {
    const { page } = await openLive();
    const age = page.getByRole('article', { name: 'platform/search' }).locator('dd time').first();
    const before = Number.parseInt(await age.innerText(), 10);
    await expect.poll(async () => Number.parseInt(await age.innerText(), 10)).toBeGreaterThan(before);
  });

  it('survives a restart of the service, and says meanwhile that it is cut off', async () => {
    const { page, service: first } = await openLive({}, { port: await freePort() });
    await page.evaluate(() => document.body.setAttribute('data-same', 'yes'));
    await first.stop();
    await page.getByText(/^Disconnected since .+; trying again$/).waitFor();
    await expect(page.getByRole('article', { name: 'platform/search' }).count()).resolves.toBe(1);
    const records = samples(Date.now()).map(record => turned(record, 'Ready', 'after the restart'));
    service = await startPage({ records, port: first.port });
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText('after the restart').first().waitFor();
    await expect(page.getAttribute('body', 'data-same')).resolves.toBe('yes');
    service.store.put(turned(search(service), 'Failed', 'and live again'));
    await page.getByText('and live again').first().waitFor();
  });
});

describe('without JavaScript', () => {
  it('shows the same, and refreshes by itself', async () => {
    const { page, service } = await open({ javaScriptEnabled: false });
    await expect(page.getByRole('article').count()).resolves.toBe(3);
    await expect(page.getByRole('article').first().innerText()).resolves.toContain('fraud-check');
    await expect(page.locator('meta[http-equiv=refresh]').getAttribute('content')).resolves.toBe('30');
    service.store.put(turned(search(service), 'Failed', 'seen after a refresh'));
    await page.getByRole('link', { name: 'Refresh now' }).click();
    await page.getByText('seen after a refresh').first().waitFor();
  });
});

describe('by keyboard', () => {
  it('begins with a way past the head, and shows where the focus is', async () => {
    const { page } = await openLive();
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to the servers' });
    await expect(skip.evaluate(link => link === document.activeElement)).resolves.toBe(true);
    await expect.poll(async () => (await skip.boundingBox())?.y).toBeGreaterThanOrEqual(0);
    await expect(skip.evaluate(link => getComputedStyle(link).outlineStyle)).resolves.toBe('solid');
    await page.keyboard.press('Enter');
    await expect(page.evaluate(() => location.hash)).resolves.toBe('#servers');
  });

  it('keeps the focus, and what was closed, through an update', async () => {
    const { page, service } = await openLive();
    const server = page.getByRole('article', { name: 'platform/search' });
    await server.locator('summary').focus();
    await page.keyboard.press('Enter');
    service.store.put(turned(search(service), 'Degraded', 'while somebody reads'));
    await server.getByText('while somebody reads').first().waitFor();
    await expect(page.evaluate(() => document.activeElement?.id)).resolves.toBe(
      'server-platform.search-summary',
    );
    await expect(server.locator('details').getAttribute('open')).resolves.toBeNull();
  });
});

describe.each([1280, 390])('%i pixels wide', width => {
  it.each(['light', 'dark'] as const)('has no fault that axe knows, %s', async colorScheme => {
    const { page, service } = await openLive({ viewport: { width, height: 900 }, colorScheme });
    await expect(check(page)).resolves.toEqual([]);
    await service.stop();
    await page.getByText(/^Disconnected/).waitFor();
    await expect(check(page)).resolves.toEqual([]);
  });

  it('fits, with the longest names there are', async () => {
    const [first] = samples(Date.now());
    const long = { namespace: 'n'.repeat(63), name: 'm'.repeat(253) };
    const { page } = await openLive(
      { viewport: { width, height: 900 } },
      { records: [...samples(Date.now()), { ...first!, ...long }] },
    );
    await expect(page.evaluate(() => document.documentElement.scrollWidth)).resolves.toBeLessThanOrEqual(
      width,
    );
  });
});

it('is light or dark as its reader likes it', async () => {
  const ground = async (colorScheme: 'light' | 'dark') => {
    const { page, service } = await open({ colorScheme });
    const [red] = /\d+/.exec(await page.evaluate(() => getComputedStyle(document.body).backgroundColor))!;
    await page.context().close();
    await service.stop();
    return Number(red);
  };
  expect(await ground('light')).toBeGreaterThan(200);
  expect(await ground('dark')).toBeLessThan(60);
});

/** WCAG 2.2 AA and the best practices, as axe checks them. */
async function check(page: Page): Promise<string[]> {
  // Not as a script of the page: its policy would refuse it.
  await page.evaluate(axe.source);
  const results: AxeResults = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`),
  );
}
