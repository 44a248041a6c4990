// undici alone: its import, a GET and a PATCH.
import { Agent } from 'undici';
import { destination, now, status, told } from './told.mjs';

const ready = now();
if (destination === undefined) told({ ready });
else {
  const { server, ca, token, namespace, name } = destination;
  const agent = new Agent({ connect: { ca }, allowH2: false });
  const path = `/apis/toolhive.stacklok.dev/v1beta1/namespaces/${namespace}/virtualmcpservers/${name}`;
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  const { metadata } = await (
    await agent.request({ origin: server, path, method: 'GET', headers })
  ).body.json();
  const { statusCode, body } = await agent.request({
    origin: server,
    path: `${path}/status?fieldManager=floor&force=true`,
    method: 'PATCH',
    headers: { ...headers, 'content-type': 'application/apply-patch+yaml' },
    body: JSON.stringify({
      apiVersion: 'toolhive.stacklok.dev/v1beta1',
      kind: 'VirtualMCPServer',
      metadata: { name, namespace, resourceVersion: metadata.resourceVersion },
      status,
    }),
  });
  await body.json();
  if (statusCode !== 200) throw new Error(String(statusCode));
  told({ ready, first: now() });
  process.exit();
}
