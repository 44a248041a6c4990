/**
 * What a request is about, read from its method and URL as the API server does.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb
 */
import type { GroupResource } from './status-error.ts';

export interface RequestInfo extends GroupResource {
  /** Path without the server's prefix. */
  readonly path: string;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; else the method in lower case. */
  readonly verb: string;
  /** Whether it is about a resource; if not, group and resource are empty. */
  readonly isResource: boolean;
  readonly version: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

const verbs: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** @param path decoded segments are taken from it; must begin with `/` */
export function requestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const parts = path
    .split('/')
    .filter(part => part !== '')
    .map(decode);
  const [root, ...rest] = parts;
  const none = { group: '', resource: '', version: '', namespace: '', name: '', subresource: '' };
  const isCore = root === 'api' && rest.length >= 2;
  const isGroup = root === 'apis' && rest.length >= 3;
  if (!isCore && !isGroup) {
    return { ...none, path, verb: method.toLowerCase(), isResource: false };
  }
  const group = isGroup ? (rest.shift() ?? '') : '';
  const version = rest.shift() ?? '';
  let namespace = '';
  if (rest[0] === 'namespaces' && rest.length >= 2) {
    namespace = rest[1] ?? '';
    if (rest.length > 2 && rest[2] !== 'finalize' && rest[2] !== 'status') rest.splice(0, 2);
  }
  const [resource = '', name = '', subresource = ''] = rest;
  const verb = verbFor(method, name, query);
  const asked =
    name === '' && (verb === 'list' || verb === 'watch' || verb === 'deletecollection')
      ? selectedName(query)
      : name;
  return {
    path,
    verb,
    isResource: true,
    group,
    version,
    namespace,
    resource,
    name: asked,
    subresource,
  };
}

function verbFor(method: string, name: string, query: URLSearchParams): string {
  const verb = verbs[method] ?? '';
  if (verb === 'get' && isTrue(query.get('watch'))) return 'watch';
  if (name === '' && verb === 'get') return 'list';
  return name === '' && verb === 'delete' ? 'deletecollection' : verb;
}

/** Whether a query parameter is true as Go's options read it. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== 'false' && value !== '0';
}

/** A list of one name is authorized as that name. */
function selectedName(query: URLSearchParams): string {
  return /(?:^|,)metadata\.name==?([^,]+)/.exec(query.get('fieldSelector') ?? '')?.[1] ?? '';
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
