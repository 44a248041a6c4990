/** The ways to write a status that are not server-side apply. Loaded where a reporter is told to, or has to, use one. */

import type { ApiRequest } from './requests.ts';
import {
  documentText,
  json,
  type StatusPart,
  type Target,
  type WriteOptions,
  writeStatus,
} from './requests.ts';

/**
 * A JSON patch (RFC 6902) of the status. The lock is a `replace` of the resourceVersion: stale is a 409, where a failed
 * `test` would be a 422 like any bad path.
 */
export function patchStatus(
  target: Target,
  operations: readonly unknown[],
  resourceVersion: string,
  options: WriteOptions,
): ApiRequest {
  const lock = { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion };
  const body = JSON.stringify([lock, ...operations]);
  return writeStatus('PATCH', target, options, 'application/json-patch+json', body);
}

/** A full replacement of the status, locked to a resourceVersion. What else the object has stays. */
export function replaceStatus(
  target: Target,
  status: StatusPart,
  resourceVersion: string,
  options: WriteOptions,
): ApiRequest {
  return writeStatus('PUT', target, options, json, documentText(target, status, resourceVersion));
}
