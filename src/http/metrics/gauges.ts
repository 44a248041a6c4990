/** What is so at the moment of a scrape. It goes into a registry of that scrape: not every scraper may see every resource. */

import Gauge from 'prom-client/lib/gauge.js';
import type Registry from 'prom-client/lib/registry.js';
import type { Phase } from '../../status/types.ts';
import type { ResourceRecord } from '../model.ts';
import type { Activity } from './events.ts';

const phases: readonly Phase[] = ['Pending', 'Ready', 'Degraded', 'Failed'];
const target = ['namespace', 'name'] as const;

/** What is going on. */
export function activityGauges(registry: Registry, prefix: string, activity: Activity): void {
  const gauge = (name: string, help: string, value: number) =>
    new Gauge({ name: prefix + name, help, registers: [registry] }).set(value);
  gauge('reports_in_flight', 'Reports that are being delivered.', activity.inFlight);
  gauge(
    'api_requests_queued',
    'Requests to the API server that wait for their turn, or for their next attempt.',
    activity.queued,
  );
  if (activity.tokenExpiresAt === undefined) return;
  const help = 'When the token of the service expires; absent where it does not say.';
  gauge('token_expiry_timestamp_seconds', help, activity.tokenExpiresAt / 1000);
}

/**
 * What the records say.
 *
 * @param now in milliseconds since the epoch
 */
export function resourceGauges(
  registry: Registry,
  prefix: string,
  records: readonly ResourceRecord[],
  now: number,
): void {
  const registers = [registry];
  const gauge = (name: string, help: string) =>
    new Gauge({ name: prefix + name, help, labelNames: target, registers });

  const phase = new Gauge({
    name: `${prefix}resource_phase`,
    help: 'Phase last reported of a resource: 1 for that phase, 0 for the others.',
    labelNames: [...target, 'phase'],
    registers,
  });
  const observed = gauge('last_report_timestamp_seconds', 'When the last report of a resource was observed.');
  const delivered = gauge(
    'last_successful_delivery_timestamp_seconds',
    'When a report of a resource was last delivered.',
  );
  const age = gauge(
    'last_successful_delivery_age_seconds',
    'Time since a report of a resource was last delivered; absent where none ever was.',
  );
  const contested = gauge('contested_fields', 'Parts of a status that another writer keeps changing back.');
  const routable = gauge('backends_routable', 'Backends of a resource that can take requests.');

  for (const record of records) {
    const { namespace, name, status } = record;
    const labels = { namespace, name };
    for (const each of phases) phase.set({ ...labels, phase: each }, each === status.phase ? 1 : 0);
    observed.set(labels, Date.parse(record.observedAt) / 1000);
    contested.set(labels, record.contested?.length ?? 0);
    routable.set(labels, status.backendCount ?? 0);
    if (record.deliveredAt === undefined) continue;
    const at = Date.parse(record.deliveredAt);
    delivered.set(labels, at / 1000);
    age.set(labels, Math.max(0, now - at) / 1000);
  }
}
