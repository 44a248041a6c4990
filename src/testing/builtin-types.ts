/** The few built-in resources that reporters and their tests meet. They are stored as they come, without a schema. */
import { objectAtom } from './atom.ts';
import type { ResourceType } from './resource-type.ts';

const atom = objectAtom({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true });

function builtin(group: string, resource: string, singular: string, kind: string, namespaced = true): ResourceType {
  return { group, resource, singular, kind, namespaced, versions: ['v1'], atom };
}

export const builtinTypes: readonly ResourceType[] = [
  builtin('', 'namespaces', 'namespace', 'Namespace', false),
  builtin('', 'serviceaccounts', 'serviceaccount', 'ServiceAccount'),
  builtin('coordination.k8s.io', 'leases', 'lease', 'Lease'),
  builtin('rbac.authorization.k8s.io', 'roles', 'role', 'Role'),
  builtin('rbac.authorization.k8s.io', 'rolebindings', 'rolebinding', 'RoleBinding'),
  builtin('rbac.authorization.k8s.io', 'clusterroles', 'clusterrole', 'ClusterRole', false),
  builtin('rbac.authorization.k8s.io', 'clusterrolebindings', 'clusterrolebinding', 'ClusterRoleBinding', false),
];

/** Resources that can only be created and are answered at once, never stored. */
export const reviewTypes = [
  { group: 'authentication.k8s.io', resource: 'tokenreviews', kind: 'TokenReview', namespaced: false },
  { group: 'authentication.k8s.io', resource: 'selfsubjectreviews', kind: 'SelfSubjectReview', namespaced: false },
  { group: 'authorization.k8s.io', resource: 'subjectaccessreviews', kind: 'SubjectAccessReview', namespaced: false },
  { group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview', namespaced: false },
  { group: 'authorization.k8s.io', resource: 'localsubjectaccessreviews', kind: 'LocalSubjectAccessReview', namespaced: true },
] as const;
