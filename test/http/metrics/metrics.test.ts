import parse, { type Family } from 'parse-prometheus-text-format';
import { describe, expect, it } from 'vitest';
import { createMetrics, type Metrics } from '../../../src/http/metrics/metrics.ts';
import { ago, now, record } from './records.ts';

const prefix = 'vmcp_status_reporter_';
const target = { namespace: 'default', name: 'demo' };

async function scrape(metrics: Metrics, records = [record()]): Promise<Map<string, Family>> {
  const families = parse(await metrics.text(records));
  return new Map(families.map(family => [family.name.replace(prefix, ''), family]));
}

/** Value of the only sample that has these labels. */
function value(families: Map<string, Family>, name: string, labels: Record<string, string> = {}): number {
  const found = families
    .get(name)
    ?.metrics.filter(sample => Object.entries(labels).every(([key, text]) => sample.labels?.[key] === text));
  if (found?.length !== 1) throw new Error(`${found?.length} samples of ${name} ${JSON.stringify(labels)}`);
  return Number(found[0]?.value);
}

function everything(): Metrics {
  const activity = () => ({ inFlight: 4, queued: 7, tokenExpiresAt: now + 3_600_000 });
  const metrics = createMetrics({ now: () => now, activity, version: '1.2.3' });
  metrics.report({ target, outcome: 'applied', duration: 42 });
  metrics.report({ target, outcome: 'unchanged', duration: 3 });
  metrics.report({ target, outcome: 'superseded', duration: 0 });
  metrics.report({ target, outcome: 'superseded', duration: 0 });
  metrics.report({ target, outcome: 'failed', code: 'unavailable', duration: 60_000 });
  metrics.request({ method: 'GET', status: 200, duration: 2 });
  metrics.request({ method: 'PATCH', status: 409, duration: 8 });
  metrics.request({ method: 'PATCH', status: 200, duration: 8, attempt: 2 });
  metrics.request({ method: 'PATCH', duration: 10_000, attempt: 3 });
  return metrics;
}

describe('counts', () => {
  it('reports by outcome, and failures by code', async () => {
    const families = await scrape(everything());
    expect(value(families, 'reports_total', { outcome: 'applied' })).toBe(1);
    expect(value(families, 'reports_total', { outcome: 'unchanged' })).toBe(1);
    expect(value(families, 'reports_total', { outcome: 'superseded' })).toBe(2);
    expect(value(families, 'reports_total', { outcome: 'failed' })).toBe(1);
    expect(value(families, 'report_failures_total', { code: 'unavailable' })).toBe(1);
    expect(value(families, 'reports_coalesced_total')).toBe(2);
  });

  it('requests to the API server by verb and code, and how many were sent again', async () => {
    const families = await scrape(everything());
    expect(value(families, 'api_requests_total', { verb: 'get', code: '200' })).toBe(1);
    expect(value(families, 'api_requests_total', { verb: 'patch', code: '409' })).toBe(1);
    expect(value(families, 'api_requests_total', { verb: 'patch', code: '200' })).toBe(1);
    expect(value(families, 'api_requests_total', { verb: 'patch', code: 'error' })).toBe(1);
    expect(value(families, 'api_retries_total')).toBe(2);
  });

  it('no series for each thing a stranger may send', async () => {
    const metrics = createMetrics();
    for (const method of ['BREW', 'WHEN']) metrics.request({ method, status: 405, duration: 1 });
    expect(value(await scrape(metrics), 'api_requests_total', { verb: 'other' })).toBe(2);
  });

  it('outcomes from 0 on, so that the first failure is an increase', async () => {
    expect(value(await scrape(createMetrics()), 'reports_total', { outcome: 'failed' })).toBe(0);
  });
});

describe('latencies', () => {
  it('are histograms in seconds', async () => {
    const families = await scrape(everything());
    const reports = families.get('report_duration_seconds');
    expect(reports?.type).toBe('HISTOGRAM');
    expect(reports?.metrics[0]).toMatchObject({ count: '3', sum: '60.045' });
    expect(reports?.metrics[0]?.buckets).toMatchObject({ '0.005': '1', '0.05': '2', '60': '3', '+Inf': '3' });
    // The parser throws the series of a histogram together.
    const text = await everything().text([]);
    const bounds = [...text.matchAll(/report_duration_seconds_bucket\{le="([\d.]+)"/g)].map(([, le]) =>
      Number(le),
    );
    expect(bounds).toStrictEqual(bounds.toSorted((a, b) => a - b));
    expect([bounds[0], bounds.at(-1)]).toStrictEqual([0.002, 60]);
    expect(text).toContain(`${prefix}api_request_duration_seconds_bucket{le="0.01",verb="patch"} 2\n`);
    expect(text).toContain(`${prefix}api_request_duration_seconds_count{verb="patch"} 3\n`);
  });
});

describe('this moment', () => {
  it('shows what is under way, what waits, and when the token expires', async () => {
    const families = await scrape(everything());
    expect(value(families, 'reports_in_flight')).toBe(4);
    expect(value(families, 'api_requests_queued')).toBe(7);
    expect(value(families, 'token_expiry_timestamp_seconds')).toBe(now / 1000 + 3600);
    expect(value(families, 'build_info', { version: '1.2.3' })).toBe(1);
  });

  it('leaves out the expiry that is not known', async () => {
    const metrics = createMetrics({ activity: () => ({ inFlight: 0, queued: 0 }) });
    const families = await scrape(metrics);
    expect(value(families, 'reports_in_flight')).toBe(0);
    expect(families.has('token_expiry_timestamp_seconds')).toBe(false);
  });
});

describe('each resource', () => {
  it('tells the age of its last successful delivery', async () => {
    const families = await scrape(everything());
    expect(value(families, 'last_successful_delivery_age_seconds', target)).toBe(10);
    expect(value(families, 'last_successful_delivery_timestamp_seconds', target)).toBe(now / 1000 - 10);
    expect(value(families, 'last_report_timestamp_seconds', target)).toBe(now / 1000 - 12);
  });

  it('has no age before its first delivery', async () => {
    const { deliveredAt: _, ...never } = record();
    const families = await scrape(everything(), [never, record({ name: 'other', deliveredAt: ago(5) })]);
    const age = families.get('last_successful_delivery_age_seconds');
    expect(age?.metrics).toEqual([{ value: '5', labels: { namespace: 'default', name: 'other' } }]);
  });

  it('tells its phase, its contested fields and its routable backends', async () => {
    const families = await scrape(everything(), [record({ contested: ['phase', 'conditions/Ready'] })]);
    expect(value(families, 'contested_fields', target)).toBe(2);
    expect(value(families, 'backends_routable', target)).toBe(3);
    expect(value(families, 'resource_phase', { ...target, phase: 'Ready' })).toBe(1);
    expect(value(families, 'resource_phase', { ...target, phase: 'Failed' })).toBe(0);
  });

  it('has nothing contested, and no backends, where nobody says, and no age at the moment of a delivery', async () => {
    const quiet = record({ status: { phase: 'Pending' }, deliveredAt: ago(0) });
    const families = await scrape(everything(), [quiet]);
    expect(value(families, 'contested_fields', target)).toBe(0);
    expect(value(families, 'backends_routable', target)).toBe(0);
    expect(value(families, 'last_successful_delivery_age_seconds', target)).toBe(0);
  });

  it('is gone from the next scrape when it is gone', async () => {
    const metrics = everything();
    await scrape(metrics, [record()]);
    expect((await scrape(metrics, [])).get('contested_fields')?.metrics).toEqual([]);
  });
});

// https://prometheus.io/docs/practices/naming/
describe('the conventions of Prometheus', () => {
  it('hold for every name', async () => {
    const text = await everything().text([record()]);
    for (const { name, type, help } of parse(text)) {
      expect(name).toMatch(/^vmcp_status_reporter_[a-z]+(_[a-z]+)*$/);
      expect(name.endsWith('_total'), `${name} is a ${type}`).toBe(type === 'COUNTER');
      expect(name, 'base units').not.toMatch(/milli|micro|minutes|_ms\b/);
      if (/duration|age|timestamp/.test(name)) expect(name).toMatch(/_seconds$/);
      expect(help, name).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('hold for the text: each family once, help and type before its samples, an end of line at the end', async () => {
    const text = await everything().text([record(), record({ name: 'other' })]);
    expect(text.endsWith('\n')).toBe(true);
    const announced = [...text.matchAll(/^# (HELP|TYPE) (\S+)/gm)].map(match => `${match[1]} ${match[2]}`);
    expect(new Set(announced).size).toBe(announced.length);
    const series = text.split('\n').filter(line => line !== '' && !line.startsWith('#'));
    const names = series.map(line => line.replace(/ \S+$/, ''));
    expect(new Set(names).size).toBe(names.length);
    for (const line of series) {
      const name = /^[a-z_]+/.exec(line)?.[0].replace(/_(bucket|sum|count)$/, '');
      expect(announced).toContain(`TYPE ${name}`);
    }
  });
});
