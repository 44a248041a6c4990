/**
 * What the API server says about itself.
 *
 * @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
 */
import { reviewTypes } from './builtin-types.ts';
import { answer, type Call } from './call.ts';
import { openApi } from './openapi.ts';
import { groupVersion, type ResourceType } from './resource-type.ts';
import { unknownMethod } from './status-error.ts';

/** The answer to a request about no resource, `undefined` for an unknown path. */
export function answerPath(call: Call): Response | undefined {
  const path = call.info.path.length > 1 ? call.info.path.replace(/\/$/, '') : call.info.path;
  const [, root, group, version, ...rest] = path.split('/');
  const isDeep = root === 'healthz' || root === 'livez' || root === 'readyz' || root === 'openapi';
  if (rest.length > 0 && !isDeep) return undefined;
  const body = root === 'openapi' ? openApi(call, path) : bodyOf(call, path, root, group, version);
  if (body === undefined) return undefined;
  if (call.info.verb !== 'get') throw unknownMethod();
  if (typeof body !== 'string') return answer(call, 200, body);
  return new Response(body, {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache, private' },
  });
}

function bodyOf(
  call: Call,
  path: string,
  root: string | undefined,
  group?: string,
  version?: string,
): object | string | undefined {
  switch (root) {
    case 'healthz':
    case 'livez':
    case 'readyz':
      return group === undefined || group === 'ping' ? 'ok' : undefined;
    case 'version':
      return group === undefined ? versionInfo : undefined;
    case 'api':
      if (group === undefined) return coreVersions(call);
      return group === 'v1' && version === undefined ? resourceList(call, '', 'v1') : undefined;
    case 'apis':
      if (group === undefined)
        return {
          kind: 'APIGroupList',
          apiVersion: 'v1',
          groups: groupNames(call).map(name => groupOf(call, name)),
        };
      if (!groupNames(call).includes(group)) return undefined;
      if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(call, group) };
      return versionsOf(call, group).includes(version) ? resourceList(call, group, version) : undefined;
    default:
      return path === '/'
        ? {
            paths: [
              '/api',
              '/api/v1',
              '/apis',
              ...groupNames(call).map(name => `/apis/${name}`),
              '/healthz',
              '/livez',
              '/openapi/v3',
              '/readyz',
              '/version',
            ],
          }
        : undefined;
  }
}

const versionInfo = {
  major: '1',
  minor: '36',
  gitVersion: 'v1.36.0-fake',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'fake',
};

function types(call: Call): ResourceType[] {
  return [...call.cluster.storages.values()].map(storage => storage.type);
}

function groupNames(call: Call): string[] {
  const names = [...types(call).map(type => type.group), ...reviewTypes.map(type => type.group)];
  return [...new Set(names)].filter(name => name !== '').sort();
}

function versionsOf(call: Call, group: string): readonly string[] {
  return types(call).find(type => type.group === group)?.versions ?? ['v1'];
}

function groupOf(call: Call, name: string): object {
  const versions = versionsOf(call, name).map(version => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

function coreVersions(call: Call): object {
  const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: call.cluster.host }];
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs };
}

const customVerbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const builtinVerbs = [...customVerbs].sort();

function resourceList(call: Call, group: string, version: string): object {
  const stored = types(call)
    .filter(type => type.group === group && type.versions.includes(version))
    .flatMap(type => resourceEntries(type));
  const reviews = reviewTypes
    .filter(type => type.group === group)
    .map(({ resource, kind, namespaced }) => ({
      name: resource,
      singularName: kind.toLowerCase(),
      namespaced,
      kind,
      verbs: ['create'],
    }));
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: groupVersion({ group, resource: '' }, version),
    resources: [...stored, ...reviews],
  };
}

function resourceEntries(type: ResourceType): object[] {
  const verbs = type.schema === undefined ? builtinVerbs : customVerbs;
  const { resource: name, singular: singularName, namespaced, kind, shortNames, categories } = type;
  const entry = {
    name,
    singularName,
    namespaced,
    kind,
    verbs,
    ...(shortNames === undefined ? {} : { shortNames }),
    ...(categories === undefined ? {} : { categories }),
  };
  const status = {
    name: `${name}/status`,
    singularName: '',
    namespaced,
    kind,
    verbs: ['get', 'patch', 'update'],
  };
  const token = {
    name: `${name}/token`,
    singularName: '',
    namespaced,
    group: 'authentication.k8s.io',
    version: 'v1',
    kind: 'TokenRequest',
    verbs: ['create'],
  };
  return [
    entry,
    ...(type.hasStatus === true ? [status] : []),
    ...(name === 'serviceaccounts' ? [token] : []),
  ];
}
