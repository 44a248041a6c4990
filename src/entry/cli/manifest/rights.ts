import type { Manifest, ManifestOptions } from './options.ts';

type Metadata = Manifest['metadata'];

/**
 * What the service may do, and nothing beside: read this one resource, and patch its status. `get` is what tells it that
 * somebody else wrote in between; without it, it would not know.
 */
const rules = (name: string) => [
  {
    apiGroups: ['toolhive.stacklok.dev'],
    resources: ['virtualmcpservers'],
    resourceNames: [name],
    verbs: ['get'],
  },
  {
    apiGroups: ['toolhive.stacklok.dev'],
    resources: ['virtualmcpservers/status'],
    resourceNames: [name],
    verbs: ['patch'],
  },
];

/** The ServiceAccount of the service and its rights; with `passthrough` the callers' own count, and it has none. */
export function rights({ name, auth }: ManifestOptions, metadata: Metadata): Manifest[] {
  const account: Manifest = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata,
    // Only the pod of the service gets a token, and with passthrough not even that.
    automountServiceAccountToken: false,
  };
  if (auth === 'passthrough') return [account];
  const subjects = [{ kind: 'ServiceAccount', name: metadata.name, namespace: metadata.namespace }];
  const rbac = 'rbac.authorization.k8s.io';
  const bind = (kind: string, role: string, to: Metadata, kindOfRole: string): Manifest => ({
    apiVersion: `${rbac}/v1`,
    kind,
    metadata: to,
    roleRef: { apiGroup: rbac, kind: kindOfRole, name: role },
    subjects,
  });
  const own: Manifest[] = [
    account,
    { apiVersion: `${rbac}/v1`, kind: 'Role', metadata, rules: rules(name) },
    bind('RoleBinding', metadata.name, metadata, 'Role'),
  ];
  if (auth !== 'review') return own;
  // Reviews of tokens and of access are cluster-wide; the role comes with Kubernetes.
  const { namespace, labels } = metadata;
  const clusterWide = { name: `${namespace}:${metadata.name}`, labels };
  return [...own, bind('ClusterRoleBinding', 'system:auth-delegator', clusterWide, 'ClusterRole')];
}
