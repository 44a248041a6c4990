/** The few built-in resources that reporters and their tests meet. They are stored as they come, without a schema. */
import { objectAtom } from './atom.ts';
import { invalidValue } from './field-fault.ts';
import { isObject } from './json.ts';
import { type KubernetesObject, withMetadata } from './object.ts';
import type { ResourceType } from './resource-type.ts';
import type { FieldFault } from './status-error.ts';

const atom = objectAtom({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true });

type Extra = Partial<Pick<ResourceType, 'namespaced' | 'isUnconditional' | 'complete' | 'faults'>>;

function builtin(group: string, resource: string, kind: string, extra: Extra = {}): ResourceType {
  const singular = kind.toLowerCase();
  return {
    group,
    resource,
    singular,
    kind,
    namespaced: true,
    versions: ['v1'],
    atom,
    isUnconditional: true,
    ...extra,
  };
}

const rbacGroup = 'rbac.authorization.k8s.io';

export const builtinTypes: readonly ResourceType[] = [
  builtin('', 'namespaces', 'Namespace', { namespaced: false, complete: completeNamespace }),
  builtin('', 'serviceaccounts', 'ServiceAccount'),
  builtin('coordination.k8s.io', 'leases', 'Lease', { isUnconditional: false, faults: leaseFaults }),
  builtin(rbacGroup, 'roles', 'Role'),
  builtin(rbacGroup, 'rolebindings', 'RoleBinding'),
  builtin(rbacGroup, 'clusterroles', 'ClusterRole', { namespaced: false }),
  builtin(rbacGroup, 'clusterrolebindings', 'ClusterRoleBinding', { namespaced: false }),
];

function completeNamespace(object: KubernetesObject): KubernetesObject {
  const { name, labels } = object.metadata;
  const named = withMetadata(object, { labels: { ...labels, 'kubernetes.io/metadata.name': name } });
  return { ...named, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };
}

function leaseFaults({ spec }: KubernetesObject): FieldFault[] {
  if (!isObject(spec)) return [];
  return (['leaseDurationSeconds', 'leaseTransitions'] as const).flatMap(key => {
    const value = spec[key];
    const least = key === 'leaseDurationSeconds' ? 1 : 0;
    if (typeof value !== 'number' || value >= least) return [];
    return [
      invalidValue(`spec.${key}`, value, `must be greater than ${least === 1 ? '0' : 'or equal to 0'}`),
    ];
  });
}

/** Resources that can only be created and are answered at once, never stored. */
export const reviewTypes = [
  { group: 'authentication.k8s.io', resource: 'tokenreviews', kind: 'TokenReview', namespaced: false },
  {
    group: 'authentication.k8s.io',
    resource: 'selfsubjectreviews',
    kind: 'SelfSubjectReview',
    namespaced: false,
  },
  {
    group: 'authorization.k8s.io',
    resource: 'subjectaccessreviews',
    kind: 'SubjectAccessReview',
    namespaced: false,
  },
  {
    group: 'authorization.k8s.io',
    resource: 'selfsubjectaccessreviews',
    kind: 'SelfSubjectAccessReview',
    namespaced: false,
  },
  {
    group: 'authorization.k8s.io',
    resource: 'localsubjectaccessreviews',
    kind: 'LocalSubjectAccessReview',
    namespaced: true,
  },
] as const;
