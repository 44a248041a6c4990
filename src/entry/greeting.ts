import type { Cluster } from './cluster.ts';

const example = {
  phase: 'Degraded',
  message: '1 of 2 backends can take requests',
  discoveredBackends: [
    { name: 'github', url: 'https://github.example.com/mcp', status: 'ready' },
    { name: 'jira', url: 'https://jira.example.com/mcp', status: 'unavailable', consecutiveFailures: 3 },
  ],
  backendCount: 1,
};

/**
 * What the service says when it is up: where it is, where reports go, and two commands to try it with.
 *
 * @param guarded whether callers have to say who they are
 */
export function greeting(url: string, cluster: Cluster, guarded: boolean): string {
  const token = guarded ? ` \\\n    -H "authorization: Bearer $TOKEN"` : '';
  const { namespace, name, embedded } = cluster;
  const status = `${url}/v1/namespaces/${namespace}/virtualmcpservers/${name}/status`;
  const resource = `${cluster.server}/apis/toolhive.stacklok.dev/v1beta1/namespaces/${namespace}/virtualmcpservers/${name}`;
  return `vmcp-status-reporter listens on ${url}; open it in a browser to watch it live.

${embedded ? embeddedNote(cluster) : `Reports go to ${cluster.server} (${cluster.credentials.source}).`}

Report a status:

  curl -X PUT '${status}'${token} \\
    -H 'content-type: application/json' \\
    -d '${JSON.stringify(example)}'

Read ${embedded ? 'the resource back from the API server' : 'the status back from the cluster'}:

  curl '${embedded ? resource : status}'${embedded ? '' : token}
`;
}

function embeddedNote({ server, namespace, name }: Cluster): string {
  return `No cluster was named, so reports go to an embedded fake API server at ${server}: no cluster is touched,
and everything is forgotten at the end. It has the VirtualMCPServer "${name}" in the namespace "${namespace}" for you to report
on, and one that a small built-in gateway reports on, whose backends change their health.
To report to a cluster, set KUBECONFIG or give --context NAME (npm start -- --context NAME).`;
}
