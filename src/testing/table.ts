/** Views of objects that leave most of them out. */
import type { Representation } from './negotiation.ts';
import type { KubernetesObject } from './object.ts';
import type { ResourceType } from './resource-type.ts';
import { badRequest } from './status-error.ts';

/** What a list carries besides its items. */
export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** `includeObject`, as a request may ask for it. @throws StatusError 400 for anything else */
export function includeObjectOf(query: URLSearchParams): string {
  const value = query.get('includeObject') ?? '';
  if (value === '' || value === 'None' || value === 'Metadata' || value === 'Object') return value;
  const fault = `includeObject: Invalid value: ${JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`;
  throw badRequest(`Unable to convert to Table as requested: ${fault}`);
}

/** The object in the asked-for representation. */
export function representObject(
  object: KubernetesObject,
  type: ResourceType,
  representation: Representation,
  query: URLSearchParams,
  now: Date,
): object {
  if (representation.as === 'object') return object;
  if (representation.as === 'Table') {
    const meta = { resourceVersion: object.metadata.resourceVersion ?? '' };
    return tableOf([object], meta, type, representation.version, query, now);
  }
  return partialOf(object, representation.version);
}

/** The list in the asked-for representation. */
export function representList(
  items: readonly KubernetesObject[],
  meta: ListMeta,
  type: ResourceType,
  apiVersion: string,
  representation: Representation,
  query: URLSearchParams,
  now: Date,
): object {
  if (representation.as === 'object') {
    return { apiVersion, items, kind: `${type.kind}List`, metadata: { continue: '', ...meta } };
  }
  if (representation.as === 'Table') return tableOf(items, meta, type, representation.version, query, now);
  const { version } = representation;
  const partial = items.map(item => partialOf(item, version));
  return {
    kind: 'PartialObjectMetadataList',
    apiVersion: `meta.k8s.io/${version}`,
    metadata: meta,
    items: partial,
  };
}

function partialOf(object: KubernetesObject, version: string): object {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata };
}

function tableOf(
  items: readonly KubernetesObject[],
  meta: ListMeta,
  type: ResourceType,
  version: string,
  query: URLSearchParams,
  now: Date,
): object {
  const include = includeObjectOf(query);
  const noHeaders = query.get('noHeaders') === 'true';
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata: meta,
    columnDefinitions: noHeaders ? null : definitions(type),
    rows: items.map(item => ({
      cells: [
        item.metadata.name,
        ...(type.columns ?? []).map(column => cell(column.type, column.cell(item), now)),
      ],
      object: include === 'None' ? null : include === 'Object' ? item : partialOf(item, version),
    })),
  };
}

const nameDescription =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client ' +
  'to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and ' +
  'configuration definition. Cannot be updated. More info: ' +
  'https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names';

function definitions(type: ResourceType): object[] {
  const columns = (type.columns ?? []).map(({ name, type: kind, description }) => ({
    name,
    type: kind,
    format: '',
    description,
    priority: 0,
  }));
  return [
    { name: 'Name', type: 'string', format: 'name', description: nameDescription, priority: 0 },
    ...columns,
  ];
}

function cell(type: string, value: unknown, now: Date): unknown {
  if (value === undefined || value === null) return null;
  if (type === 'date') return typeof value === 'string' ? ageOf(value, now) : null;
  if (type === 'integer') return typeof value === 'number' ? Math.trunc(value) : null;
  return String(value);
}

/** As `kubectl` shows ages: the two largest units while they matter. */
function ageOf(time: string, now: Date): string {
  const seconds = Math.floor((now.getTime() - Date.parse(time)) / 1000);
  if (Number.isNaN(seconds)) return '<invalid>';
  if (seconds < 0) return seconds < -1 ? '<invalid>' : '0s';
  const [minutes, hours, days] = [
    Math.floor(seconds / 60),
    Math.floor(seconds / 3600),
    Math.floor(seconds / 86_400),
  ];
  const two = (large: number, a: string, small: number, b: string): string =>
    small === 0 ? `${large}${a}` : `${large}${a}${small}${b}`;
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return two(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return two(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  if (days < 8) return two(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  if (days < 8 * 365) return two(Math.floor(days / 365), 'y', days % 365, 'd');
  return `${Math.floor(days / 365)}y`;
}
