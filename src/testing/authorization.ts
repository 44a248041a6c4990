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
  /** `virtualmcpservers`, `virtualmcpservers/status`, `*`, or a subresource of anything: an asterisk, then `/status`. */
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

/** A granted rule and where it comes from, as access reviews tell it. */
interface Grant {
  readonly rule: Partial<AccessRule>;
  readonly reason: string;
}

export type Decision = { readonly allowed: false } | { readonly allowed: true; readonly reason?: string };

const denied: Decision = { allowed: false };

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

  decide(user: User, attributes: AccessAttributes): Decision {
    if (user.groups.includes('system:masters')) return { allowed: true };
    if (attributes.path !== undefined) return { allowed: allowsPath(user, attributes.path, attributes.verb) };
    if (user.groups.includes('system:authenticated') && isSelfReview(attributes)) return { allowed: true };
    const grants = [...this.#givenTo(user), ...this.#boundTo(user, attributes.namespace)];
    const grant = grants.find(({ rule }) => covers(rule, attributes));
    return grant === undefined ? denied : { allowed: true, reason: grant.reason };
  }

  #givenTo(user: User): Grant[] {
    return this.#rules
      .filter(
        rule => rule.user === user.name || (rule.group !== undefined && user.groups.includes(rule.group)),
      )
      .map(rule => ({
        rule: { ...rule, apiGroups: rule.apiGroups ?? ['toolhive.stacklok.dev'] },
        reason: 'allowed by a given rule',
      }));
  }

  #boundTo(user: User, namespace: string): Grant[] {
    const local = namespace === '' ? [] : this.#store.list(rbac('rolebindings'), namespace);
    const everywhere = this.#store.list(rbac('clusterrolebindings'), '');
    return [...local, ...everywhere].flatMap(binding => this.#grantsOf(binding, user));
  }

  #grantsOf(binding: KubernetesObject, user: User): Grant[] {
    const subjects: Subject[] = Array.isArray(binding.subjects) ? binding.subjects.filter(isObject) : [];
    const subject = subjects.find(candidate => isSubject(candidate, user));
    const role = isObject(binding.roleRef) ? binding.roleRef : {};
    const { name, namespace = '' } = binding.metadata;
    const isLocal = role.kind === 'Role';
    const found = this.#store.get(
      rbac(isLocal ? 'roles' : 'clusterroles'),
      isLocal ? namespace : '',
      String(role.name),
    );
    if (subject === undefined || found === undefined || !Array.isArray(found.rules)) return [];
    const where = JSON.stringify(namespace === '' ? name : `${name}/${namespace}`);
    const whom = `${subject.kind} ${JSON.stringify(subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace}` : subject.name)}`;
    const reason = `RBAC: allowed by ${binding.kind} ${where} of ${role.kind} ${JSON.stringify(role.name)} to ${whom}`;
    return found.rules.filter(isObject).map(rule => ({ rule: rule as Partial<AccessRule>, reason }));
  }
}

function rbac(resource: string): string {
  return `${resource}.rbac.authorization.k8s.io`;
}

const publicPath = /^\/(healthz|livez|readyz|version)\/?$/;
const discoveryPath = /^\/(api|apis|openapi|healthz|livez|readyz)(\/|$)/;

function allowsPath({ groups }: User, path: string, verb: string): boolean {
  if (verb !== 'get' && verb !== 'head') return false;
  const known = groups.includes('system:authenticated');
  return (
    (known && discoveryPath.test(path)) ||
    ((known || groups.includes('system:unauthenticated')) && publicPath.test(path))
  );
}

function isSelfReview({ verb, group, resource }: AccessAttributes): boolean {
  const isReview = group === 'authorization.k8s.io' && /^selfsubject(access|rules)reviews$/.test(resource);
  return (
    verb === 'create' &&
    (isReview || (group === 'authentication.k8s.io' && resource === 'selfsubjectreviews'))
  );
}

function covers(rule: Partial<AccessRule>, attributes: AccessAttributes): boolean {
  const { verb, group, resource, subresource, namespace, name } = attributes;
  const has = (values: readonly string[] | undefined, value: string): boolean =>
    values?.includes('*') === true || values?.includes(value) === true;
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  const ofAny = subresource !== '' && rule.resources?.includes(`*/${subresource}`) === true;
  const names = rule.resourceNames ?? [];
  return (
    (rule.namespace === undefined || rule.namespace === namespace) &&
    has(rule.verbs, verb) &&
    has(rule.apiGroups, group) &&
    (has(rule.resources, combined) || ofAny) &&
    (names.length === 0 || names.includes(name))
  );
}

interface Subject {
  readonly kind?: unknown;
  readonly name?: unknown;
  readonly namespace?: unknown;
}

function isSubject({ kind, name, namespace }: Subject, user: User): boolean {
  if (kind === 'Group') return user.groups.includes(String(name));
  return kind === 'ServiceAccount'
    ? user.name === `system:serviceaccount:${namespace}:${name}`
    : user.name === name;
}

/** Why it is refused, in the API server's words. */
export function denial(user: User, attributes: AccessAttributes): string {
  const { verb, group, resource, subresource, namespace, path } = attributes;
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`;
  if (path !== undefined) return `${who} path ${JSON.stringify(path)}`;
  const what = JSON.stringify(subresource === '' ? resource : `${resource}/${subresource}`);
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  return `${who} resource ${what} in API group ${JSON.stringify(group)} ${where}`;
}
