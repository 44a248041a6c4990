/** Refuses what the API server's store would not take, before it is sent. */

import { StatusReporterError } from '../../errors.ts';
import type { KnownObject } from './known.ts';

/** etcd takes requests of 1.5 MiB; the object has a spec and metadata too. */
const largestObject = 1.4 * 1024 * 1024;

/**
 * @param body what will be stored of ours, as JSON text
 * @throws StatusReporterError `too_large`
 */
export function checkSize(body: string, { managedFields }: KnownObject): void {
  // A character is at most three bytes, and managedFields rarely outweigh what they describe.
  if (body.length * 6 < largestObject) return;
  const bytes = byteLength(body);
  const ownership = managedFields.length > 0 ? byteLength(JSON.stringify(managedFields)) : bytes / 2;
  if (bytes + ownership <= largestObject) return;
  throw new StatusReporterError(
    'too_large',
    `The status is too large for the API server: ${mebibytes(bytes)} MiB and ${mebibytes(ownership)} MiB of ownership ` +
      `records, where ${mebibytes(largestObject)} MiB fit. Report fewer backends, or shorter messages.`,
  );
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(2);
}
