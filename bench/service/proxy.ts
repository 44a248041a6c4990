/** The least that a service could be: a Hono app that sends on what it gets, as one PATCH. It knows nobody. */

import { Hono } from 'hono';
import { Agent } from 'undici';
import type { Destination } from '../support/contestant.ts';

const query = '?fieldManager=proxy&force=true&includeObject=None';

/** Sends a PATCH. @returns the status and the JSON of the answer */
type Send = (path: string, body: string) => Promise<{ status: number; answer: unknown }>;

export function createProxy(destination: Destination): Hono {
  const send = 'Bun' in globalThis ? withFetch(destination) : withUndici(destination);
  return new Hono().put('/v1/namespaces/:namespace/virtualmcpservers/:name/status', async c => {
    const { namespace, name } = c.req.param();
    const { status, answer } = await send(
      `/apis/toolhive.stacklok.dev/v1beta1/namespaces/${namespace}/virtualmcpservers/${name}/status${query}`,
      JSON.stringify({
        apiVersion: 'toolhive.stacklok.dev/v1beta1',
        kind: 'VirtualMCPServer',
        metadata: { name, namespace },
        status: await c.req.json(),
      }),
    );
    const { metadata } = answer as { metadata: { resourceVersion: string } };
    return c.json({ resourceVersion: metadata.resourceVersion }, status as 200);
  });
}

function headersFor({ token }: Destination): Record<string, string> {
  return {
    accept: 'application/json;as=Table;g=meta.k8s.io;v=v1',
    'content-type': 'application/apply-patch+yaml',
    authorization: `Bearer ${token}`,
  };
}

function withUndici(destination: Destination): Send {
  const { server: origin, ca } = destination;
  const headers = headersFor(destination);
  const agent = new Agent({
    connect: { ca },
    allowH2: false,
    connections: 16,
    pipelining: 1,
    keepAliveTimeout: 60_000,
  });
  return async (path, body) => {
    const answer = await agent.request({ origin, path, method: 'PATCH', headers, body });
    return { status: answer.statusCode, answer: await answer.body.json() };
  };
}

/** Bun's undici knows no private CA; its own `fetch` does. */
function withFetch(destination: Destination): Send {
  const { server, ca } = destination;
  const init = { method: 'PATCH', headers: headersFor(destination), tls: { ca } };
  return async (path, body) => {
    const answer = await fetch(server + path, { ...init, body } as RequestInit);
    return { status: answer.status, answer: await answer.json() };
  };
}
