// The least that such a Worker could be: it sends on what it gets, as one PATCH. It knows nobody and remembers nothing.

const query = '?fieldManager=forward&force=true&includeObject=None';

export default {
  async fetch(request: Request, env: Readonly<Record<string, string>>): Promise<Response> {
    const [namespace, , name] = new URL(request.url).pathname.split('/').slice(3);
    const status = await request.json();
    const path = `/apis/toolhive.stacklok.dev/v1beta1/namespaces/${namespace}/virtualmcpservers/${name}/status${query}`;
    const answer = await fetch(env['VMCP_KUBERNETES_SERVER'] + path, {
      method: 'PATCH',
      headers: {
        accept: 'application/json;as=Table;g=meta.k8s.io;v=v1',
        'content-type': 'application/apply-patch+yaml',
        authorization: `Bearer ${env['VMCP_KUBERNETES_TOKEN']}`,
      },
      body: JSON.stringify({
        apiVersion: 'toolhive.stacklok.dev/v1beta1',
        kind: 'VirtualMCPServer',
        metadata: { name, namespace },
        status,
      }),
    });
    const { metadata } = (await answer.json()) as { metadata: { resourceVersion: string } };
    return Response.json({ resourceVersion: metadata.resourceVersion }, { status: answer.status });
  },
};
