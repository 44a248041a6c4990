/**
 * Role-based access control: rules given to the fake, and the Roles and bindings in its store.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
import type { User } from './identity.ts';
import { isObject } from './json.ts';
import type { KubernetesObject } from './object.ts';
import type { Store } from './store.ts';

/** Who may do what. Nothing is allowed that no rule allows; members of `system:masters` may do everything. */
export interface AccessRule {
  /** User that the rule is for: `system:serviceaccount:<namespace>:<name>` for a ServiceAccount. */
  readonly user?: string;
  /** Group that the rule is for, instead of a user. */
  readonly group?: string;
  /** Only in this namespace. Default: everywhere. */
  readonly namespace?: string;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection` or `*`. */
  readonly verbs: readonly string[];
  /** `virtualmcpservers`, `virtualmcpservers/status`, `*`, or a subresource of anything: `*` + `/status`. */
  readonly resources: readonly string[];
  /** Default: all names. */
  readonly resourceNames?: readonly string[];
  /** Default: `['toolhive.stacklok.dev']`. */
  readonly apiGroups?: readonly string[];
}

/** What somebody wants to do. */
export interface AccessAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** The path, where it is about no resource. */
  readonly path?: string;
}

const publicPaths = new Set(['/healthz', '/livez', '/readyz', '/version', '/version/']);

export class Authorizer {
  readonly #rules: AccessRule[];
  readonly #store: Store;

  constructor(store: Store, rules: readonly AccessRule[]) {
    this.#store = store;
    this.#rules = [...rules];
  }

  add(rule: AccessRule): void {
    this.#rules.push(rule);
  }

  allows(user: User, attributes: AccessAttributes): boolean {
    if (user.groups.includes('system:masters')) return true;
    const known = user.groups.includes('system:authenticated');
    if (attributes.path !== undefined) return allowsPath(attributes.path, attributes.verb, known);
    if (known && isSelfReview(attributes)) return true;
    const rules = [...this.#rules.filter(rule => isFor(rule, user)), ...this.#boundRules(user, attributes.namespace)];
    return rules.some(rule => covers(rule, attributes));
  }

  #boundRules(user: User, namespace: string): AccessRule[] {
    const rbac = (resource: string): string => `${resource}.rbac.authorization.k8s.io`;
    const local = namespace === '' ? [] : this.#store.list(rbac('rolebindings'), namespace);
    const bindings = [...local, ...this.#store.list(rbac('clusterrolebindings'), '')];
    return bindings
      .filter(binding => subjectsOf(binding).some(subject => isSubject(subject, user)))
      .flatMap(binding => {
        const ref = isObject(binding.roleRef) ? binding.roleRef : {};
        const isLocal = ref.kind === 'Role';
        const role = this.#store.get(rbac(isLocal ? 'roles' : 'clusterroles'), isLocal ? namespace : '', String(ref.name));
        return role === undefined || !Array.isArray(role.rules) ? [] : (role.rules as AccessRule[]);
      });
  }
}

function allowsPath(path: string, verb: string, known: boolean): boolean {
  if (verb !== 'get' && verb !== 'head') return false;
  const isDiscovery = /^\/(api|apis|openapi)(\/|$)/.test(path);
  return publicPaths.has(path) || (known && isDiscovery) || (known && /^\/(healthz|livez|readyz)\//.test(path));
}

function isSelfReview({ verb, group, resource }: AccessAttributes): boolean {
  const isReview = group === 'authorization.k8s.io' && /^selfsubject(access|rules)reviews$/.test(resource);
  return verb === 'create' && (isReview || (group === 'authentication.k8s.io' && resource === 'selfsubjectreviews'));
}

function isFor(rule: AccessRule, user: User): boolean {
  return rule.user === user.name || (rule.group !== undefined && user.groups.includes(rule.group));
}

function covers(rule: AccessRule, { verb, group, resource, subresource, namespace, name }: AccessAttributes): boolean {
  const has = (values: readonly string[] | undefined, value: string): boolean => values?.includes('*') === true || values?.includes(value) === true;
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  const resources = rule.resources ?? [];
  return (
    (rule.namespace === undefined || rule.namespace === namespace) &&
    has(rule.verbs, verb) &&
    has(rule.apiGroups ?? ['toolhive.stacklok.dev'], group) &&
    (has(resources, combined) || (subresource !== '' && resources.includes(`*/${subresource}`))) &&
    (rule.resourceNames === undefined || rule.resourceNames.length === 0 || rule.resourceNames.includes(name))
  );
}

interface Subject {
  readonly kind?: unknown;
  readonly name?: unknown;
  readonly namespace?: unknown;
}

function subjectsOf(binding: KubernetesObject): Subject[] {
  return Array.isArray(binding.subjects) ? binding.subjects.filter(isObject) : [];
}

function isSubject({ kind, name, namespace }: Subject, user: User): boolean {
  if (kind === 'Group') return user.groups.includes(String(name));
  return kind === 'ServiceAccount' ? user.name === `system:serviceaccount:${namespace}:${name}` : user.name === name;
}

/** Why it is refused, in the API server's words. */
export function denial(user: User, { verb, group, resource, subresource, namespace, path }: AccessAttributes): string {
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`;
  if (path !== undefined) return `${who} path ${JSON.stringify(path)}`;
  const what = JSON.stringify(subresource === '' ? resource : `${resource}/${subresource}`);
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  return `${who} resource ${what} in API group ${JSON.stringify(group)} ${where}`;
}
