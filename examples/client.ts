// A gateway that reports through the service, with Hono's typed client: paths, bodies and answers are known to the compiler.
//
//   node examples/client.ts http://127.0.0.1:8787 default demo
//
// TOKEN names the caller, where the service asks who that is.
import { hc } from 'hono/client';
import type { AppType, Problem } from 'vmcp-status-reporter/http';

const [url = 'http://127.0.0.1:8787', namespace = 'default', name = 'demo'] = process.argv.slice(2);
const token = process.env['TOKEN'];

const client = hc<AppType>(url, {
  headers: {
    ...(token && { authorization: `Bearer ${token}` }),
    'reporter-instance': `example-${process.pid}`,
  },
});
const resource = client.v1.namespaces[':namespace'].virtualmcpservers[':name'];
const param = { namespace, name };

// Raw health in; the service makes the status of it.
const reported = await resource.backends.$post({
  param,
  json: {
    backends: [
      { name: 'github', url: 'https://github.example.com/mcp', health: 'healthy' },
      { name: 'jira', url: 'https://jira.example.com/mcp', health: 'unhealthy', error: 'connect ETIMEDOUT' },
    ],
    timestamp: new Date().toISOString(),
  },
});
if (!reported.ok) {
  const problem = (await reported.json()) as unknown as Problem;
  throw new Error(`${problem.code}: ${problem.detail}`);
}
console.log(`reported: ${(await reported.json()).outcome}`);

// A whole status, without waiting for its delivery.
const accepted = await resource.status.$put(
  { param, json: { phase: 'Ready', message: 'All is well', timestamp: new Date().toISOString() } },
  { headers: { prefer: 'respond-async' } },
);
if (accepted.status === 202) {
  let delivery = await accepted.json();
  while (delivery.state === 'pending') {
    await new Promise(resolve => setTimeout(resolve, 50));
    const answer = await resource.deliveries[':id'].$get({ param: { ...param, id: delivery.id } });
    delivery = await answer.json();
  }
  console.log(`delivery: ${delivery.state}`);
}

const { status } = await (await resource.status.$get({ param })).json();
console.log(`the cluster says: ${status['phase']}, ${status['message']}`);

const { items } = await (await client.v1.virtualmcpservers.$get()).json();
for (const { namespace, name, status } of items) console.log(`known: ${namespace}/${name} ${status.phase}`);
