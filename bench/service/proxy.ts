/** The least that a service could be: a Hono app that sends on what it gets, as one PATCH with undici. It knows nobody. */

import { Hono } from 'hono';
import { Agent } from 'undici';
import type { Destination } from '../support/contestant.ts';

const query = '?fieldManager=proxy&force=true&includeObject=None';

export function createProxy({ server, ca, token }: Destination): Hono {
  const agent = new Agent({
    connect: { ca },
    allowH2: false,
    connections: 16,
    pipelining: 1,
    keepAliveTimeout: 60_000,
  });
  const headers = {
    accept: 'application/json;as=Table;g=meta.k8s.io;v=v1',
    'content-type': 'application/apply-patch+yaml',
    authorization: `Bearer ${token}`,
  };
  return new Hono().put('/v1/namespaces/:namespace/virtualmcpservers/:name/status', async c => {
    const { namespace, name } = c.req.param();
    const status = await c.req.json();
    const { statusCode, body } = await agent.request({
      origin: server,
      path: `/apis/toolhive.stacklok.dev/v1beta1/namespaces/${namespace}/virtualmcpservers/${name}/status${query}`,
      method: 'PATCH',
      headers,
      body: JSON.stringify({
        apiVersion: 'toolhive.stacklok.dev/v1beta1',
        kind: 'VirtualMCPServer',
        metadata: { name, namespace },
        status,
      }),
    });
    const { metadata } = (await body.json()) as { metadata: { resourceVersion: string } };
    return c.json({ resourceVersion: metadata.resourceVersion }, statusCode as 200);
  });
}
