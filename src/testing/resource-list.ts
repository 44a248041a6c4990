/** Lists, and what reads may ask of the resourceVersion. */
import { answer, type Call } from './call.ts';
import { forbiddenField } from './field-fault.ts';
import { negotiate } from './negotiation.ts';
import type { KubernetesObject } from './object.ts';
import type { ResourceStorage } from './resource-storage.ts';
import { groupVersion } from './resource-type.ts';
import { selectorOf } from './selectors.ts';
import { badRequest, expired, invalid, resourceVersionTooLarge, unforeseen } from './status-error.ts';
import { type ListMeta, representList } from './table.ts';
import { notANumber } from './write-rules.ts';

/**
 * The `resourceVersion` that a read asks for, 0 for none.
 *
 * @throws StatusError 500 without a reason where it is no number
 */
export function askedRevision({ query }: Call): number {
  const text = query.get('resourceVersion') ?? '';
  if (text === '') return 0;
  if (/^\d+$/.test(text)) return Number(text);
  throw unforeseen(describeInvalid(text));
}

/** @throws StatusError as `askedRevision` does, and 504 where the resourceVersion lies in the future */
export function checkReadable(call: Call): void {
  const asked = askedRevision(call);
  const { revision } = call.cluster.store;
  if (asked > revision) throw resourceVersionTooLarge(asked, revision);
}

/** @throws StatusError 400 or 504 for the resourceVersion, 422 for a match without one */
function checkListable(call: Call): void {
  const { query } = call;
  if (query.has('resourceVersionMatch') && !query.has('resourceVersion')) {
    const fault = forbiddenField(
      'resourceVersionMatch',
      'resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
    throw invalid({ group: 'meta.k8s.io', resource: 'ListOptions' }, '', [fault]);
  }
  const text = query.get('resourceVersion') ?? '';
  if (!/^\d*$/.test(text)) throw badRequest(`invalid resource version: ${describeInvalid(text)}`);
  checkReadable(call);
}

function describeInvalid(text: string): string {
  return `resourceVersion: Invalid value: ${JSON.stringify(text)}: ${notANumber(text)}`;
}

/** A whole number of the query, 0 for none. @throws StatusError 400 */
export function numberOf(query: URLSearchParams, key: string): number {
  const text = query.get(key) ?? '';
  if (/^-?\d*$/.test(text)) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}

export function answerList(call: Call, storage: ResourceStorage): Response {
  const representation = negotiate(call.request.headers.get('accept'), [
    'Table',
    'PartialObjectMetadataList',
  ]);
  const { info, query, cluster } = call;
  const selected = selectorOf(query);
  const from = continuation(query.get('continue'));
  if (from === undefined) checkListable(call);
  const matching = storage
    .list(info.namespace, info.version)
    .filter(object => selected(object) && isAfter(object, from));
  // The watch cache, which answers for 0, knows no limit.
  const asked = query.get('resourceVersion') === '0' ? 0 : numberOf(query, 'limit');
  const limit = asked > 0 ? asked : matching.length;
  const items = matching.slice(0, limit);
  const revision = from?.revision ?? cluster.store.revision;
  const last = items.at(-1);
  const rest = matching.length - items.length;
  const more =
    rest > 0 && last !== undefined ? { continue: token(last, revision), ...remaining(query, rest) } : {};
  const meta: ListMeta = { resourceVersion: String(revision), ...more };
  const apiVersion = groupVersion(storage.type, info.version);
  return answer(
    call,
    200,
    representList(items, meta, storage.type, apiVersion, representation, query, cluster.now()),
  );
}

/** Selected lists do not say how much remains. */
function remaining(query: URLSearchParams, rest: number): { remainingItemCount?: number } {
  return query.get('labelSelector') || query.get('fieldSelector') ? {} : { remainingItemCount: rest };
}

interface Continuation {
  readonly revision: number;
  /** `namespace/name` of the last item that was given. */
  readonly start: string;
}

function token({ metadata }: KubernetesObject, revision: number): string {
  return btoa(
    encodeURIComponent(JSON.stringify({ revision, start: `${metadata.namespace ?? ''}/${metadata.name}` })),
  );
}

function continuation(text: string | null): Continuation | undefined {
  if (text === null || text === '') return undefined;
  try {
    const value = JSON.parse(decodeURIComponent(atob(text))) as Continuation;
    if (typeof value.revision === 'number' && typeof value.start === 'string') return value;
  } catch {
    throw badRequest('invalid continue token: continue key is not valid: it was not given by this server');
  }
  throw expired('The provided continue parameter is too old to display a consistent list result.');
}

function isAfter({ metadata }: KubernetesObject, from: Continuation | undefined): boolean {
  return from === undefined || `${metadata.namespace ?? ''}/${metadata.name}` > from.start;
}
