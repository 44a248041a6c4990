/** A kubeconfig for one server that asks for no credential. */
export function kubeconfigOf(server: string, namespace: string): object {
  const name = 'vmcp-status';
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    'current-context': name,
  };
}
