/**
 * What the service counts, in the text format of Prometheus.
 *
 * By prom-client, which most of Node counts with. As a whole it weighs 21 kB gzipped and needs Node (its gateway client,
 * its cluster mode, its process metrics); the four modules used here weigh 5 kB, need no more than JavaScript has, and run
 * on Workers too. OpenTelemetry's exporter brings an HTTP server of its own and ten times the code for the same text.
 */

import Counter from 'prom-client/lib/counter.js';
import Gauge from 'prom-client/lib/gauge.js';
import Histogram from 'prom-client/lib/histogram.js';
import Registry from 'prom-client/lib/registry.js';
import type { ResourceRecord } from '../model.ts';
import type { Activity, Observer, ReportEvent, RequestEvent } from './events.ts';
import { activityGauges, resourceGauges } from './gauges.ts';
import { inBatches } from './in-batches.ts';

/** Every name begins with it. */
const prefix = 'vmcp_status_reporter_';

/** Upper bounds in seconds: an unchanged report takes a millisecond, one through an outage a minute. */
const buckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Outcomes that are there from the start, at 0, so that a rate over the first one is seen. */
const outcomes = ['applied', 'unchanged', 'partial', 'superseded', 'failed'] as const;

/** Methods and statuses of HTTP are few; what else a server answers is not worth a series. */
const methods = new Set(['GET', 'PUT', 'PATCH', 'POST', 'DELETE']);

export interface MetricsOptions {
  /** Asked at every scrape. Default: nothing is going on, no token is known. */
  readonly activity?: () => Activity | Promise<Activity>;
  /** Of the service, for `build_info`. Default: none is told. */
  readonly version?: string;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** Counts, and tells. */
export interface Metrics extends Observer {
  /** Of {@link Metrics.text}. */
  readonly contentType: string;
  /** All that was counted, and what these records say. */
  text(records: readonly ResourceRecord[]): Promise<string>;
}

export function createMetrics(options: MetricsOptions = {}): Metrics {
  const { activity, version, now = Date.now } = options;
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name: prefix + name, help, labelNames, registers });
  const histogram = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Histogram({ name: prefix + name, help, labelNames, registers, buckets });

  const reports = counter('reports_total', 'Reports whose delivery ended, by outcome.', ['outcome']);
  const failures = counter('report_failures_total', 'Reports that could not be delivered, by error code.', [
    'code',
  ]);
  const coalesced = counter(
    'reports_coalesced_total',
    'Reports replaced by a later one before they were sent.',
  );
  const reportDuration = histogram(
    'report_duration_seconds',
    'Time from the arrival of a report to the end of its delivery; replaced reports are left out.',
  );
  const requests = counter(
    'api_requests_total',
    'Requests to the API server by HTTP method and status; "error" where none answered.',
    ['verb', 'code'],
  );
  const requestDuration = histogram('api_request_duration_seconds', 'Time for a request to the API server.', [
    'verb',
  ]);
  const retries = counter('api_retries_total', 'Requests to the API server that were sent again.');
  for (const outcome of outcomes) reports.inc({ outcome }, 0);
  if (version !== undefined) {
    const help = 'Always 1; the version of the service is a label.';
    new Gauge({ name: `${prefix}build_info`, help, labelNames: ['version'], registers }).set({ version }, 1);
  }

  const reported = inBatches(({ outcome, code, duration }: ReportEvent) => {
    reports.inc({ outcome });
    if (outcome === 'failed') failures.inc({ code: code ?? 'internal' });
    if (outcome === 'superseded') coalesced.inc();
    else reportDuration.observe(duration / 1000);
  });
  const requested = inBatches(({ method, status, duration, attempt = 1 }: RequestEvent) => {
    const verb = methods.has(method) ? method.toLowerCase() : 'other';
    requests.inc({ verb, code: status === undefined ? 'error' : String(status) });
    requestDuration.observe({ verb }, duration / 1000);
    if (attempt > 1) retries.inc();
  });

  return {
    contentType: registry.contentType,
    report: reported.add,
    request: requested.add,
    async text(records) {
      reported.end();
      requested.end();
      const moment = new Registry();
      if (activity !== undefined) activityGauges(moment, prefix, await activity());
      resourceGauges(moment, prefix, records, now());
      return `${await registry.metrics()}\n${await moment.metrics()}`;
    },
  };
}
