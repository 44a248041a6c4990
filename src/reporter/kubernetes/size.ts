/** Refuses what the API server's store would not take, before it is sent. Loaded for what is large. */

import { StatusReporterError } from '../../errors.ts';
import type { DesiredStatus } from '../../status/document.ts';
import type { KnownObject } from './known.ts';

/** etcd takes requests of 1.5 MiB; the object has a spec and metadata too. */
const largestObject = 1.4 * 1024 * 1024;

/**
 * @param body what will be stored of ours, as JSON text
 * @throws StatusReporterError `too_large`
 */
export function checkSize(body: string, desired: DesiredStatus, { ownershipSize }: KnownObject): void {
  const bytes = byteLength(body);
  const lastKnown = ownershipSize || bytes / 2;
  const ownership = Math.max(lastKnown, ownershipRecords(desired));
  if (bytes + ownership <= largestObject) return;
  throw new StatusReporterError(
    'too_large',
    `The status is too large for the API server: ${mebibytes(bytes)} MiB and ${mebibytes(ownership)} MiB of ownership records, where ${mebibytes(largestObject)} MiB fit: report fewer backends, or shorter messages`,
  );
}

/** Bytes of managedFields to come: `"k:{\"name\":\"…\"}":{…}` an item, `"f:…":{},` a field. */
function ownershipRecords({ discoveredBackends = [] }: DesiredStatus): number {
  return discoveredBackends.reduce(
    (sum, backend) => sum + 30 + backend.name.length + 17 * Object.keys(backend).length,
    0,
  );
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(2);
}
