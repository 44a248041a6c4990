/**
 * What the API server says about its types, for kubectl: `explain`, `edit` and `apply` look here first.
 *
 * @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v3
 */
import type { Call } from './call.ts';
import { groupVersion, type ResourceType } from './resource-type.ts';
import type { Schema } from './schema.ts';

const root = '/openapi/v3';

/** The index at `/openapi/v3`, or the document of one group and version; `undefined` for another path. */
export function openApi(call: Call, path: string): object | undefined {
  const types = [...call.cluster.storages.values()].map(storage => storage.type);
  if (path === root) {
    const paths = types.flatMap(type => type.versions.map(version => pathOf(type, version)));
    const entries = paths.map(path => [path, { serverRelativeURL: `${root}/${path}` }]);
    return { paths: Object.fromEntries(entries) };
  }
  const served = types.flatMap(type =>
    type.versions
      .filter(version => path === `${root}/${pathOf(type, version)}`)
      .map(version => ({ type, version })),
  );
  if (served.length === 0) return undefined;
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.36.0-fake' },
    paths: Object.assign({}, ...served.map(({ type, version }) => operations(type, version))),
    components: { schemas: Object.fromEntries(served.map(({ type, version }) => schemaOf(type, version))) },
  };
}

/** `apis/toolhive.stacklok.dev/v1beta1`, or `api/v1` for the core group. */
function pathOf(type: ResourceType, version: string): string {
  return `${type.group === '' ? 'api' : 'apis'}/${groupVersion(type, version)}`;
}

/** Writes as far as they matter to a client: that the server checks fields itself. */
function operations(type: ResourceType, version: string): object {
  const item = `/${pathOf(type, version)}${type.namespaced ? '/namespaces/{namespace}' : ''}/${type.resource}/{name}`;
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation'].map(name => ({
    name,
    in: 'query',
    schema: { type: 'string', uniqueItems: true },
  }));
  const operation = {
    parameters,
    responses: { 200: { description: 'OK' } },
    ...kindOf(type, version, false),
  };
  const writes = { put: operation, patch: operation };
  return { [item]: writes, ...(type.hasStatus && { [`${item}/status`]: writes }) };
}

function schemaOf(type: ResourceType, version: string): [name: string, schema: object] {
  const group = type.group === '' ? 'core' : type.group;
  const name = [...group.split('.').reverse(), version, type.kind].join('.');
  const { properties = {}, ...schema }: Schema = type.schema ?? { type: 'object' };
  const text = { type: 'string' };
  const common = { apiVersion: text, kind: text, metadata: { type: 'object' } };
  return [name, { ...schema, properties: { ...common, ...properties }, ...kindOf(type, version, true) }];
}

function kindOf({ group, kind }: ResourceType, version: string, list: boolean): object {
  const one = { group, version, kind };
  return { 'x-kubernetes-group-version-kind': list ? [one] : one };
}
