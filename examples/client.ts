// A gateway that reports through the service, with Hono's typed client: paths, bodies and answers are known to the compiler.
//
//   node examples/client.ts http://127.0.0.1:8787 default demo
//
// TOKEN names the caller, where the service asks who that is.
import { hc, parseResponse } from 'hono/client';
import type { AppType } from 'vmcp-status-reporter/http';

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

// Raw health in; the service makes the status of it. `parseResponse` throws where the answer is a problem.
const reported = await parseResponse(
  resource.backends.$post({
    param,
    json: {
      backends: [
        { name: 'github', url: 'https://github.example.com/mcp', health: 'healthy' },
        {
          name: 'jira',
          url: 'https://jira.example.com/mcp',
          health: 'unhealthy',
          error: 'connect ETIMEDOUT',
        },
      ],
      timestamp: new Date().toISOString(),
    },
  }),
);
if ('outcome' in reported) console.log(`reported: ${reported.outcome}`);

// A whole status, without waiting for its delivery.
const accepted = await resource.status.$put(
  { param, json: { phase: 'Ready', message: 'All is well', timestamp: new Date().toISOString() } },
  { headers: { prefer: 'respond-async' } },
);
if (accepted.status === 202) {
  let delivery = await accepted.json();
  while (delivery.state === 'pending') {
    await new Promise(resolve => setTimeout(resolve, 50));
    delivery = await parseResponse(resource.deliveries[':id'].$get({ param: { ...param, id: delivery.id } }));
  }
  console.log(`delivery: ${delivery.state}`);
}

const { status } = await parseResponse(resource.status.$get({ param }));
console.log(`the cluster says: ${status['phase']}, ${status['message']}`);

const { items } = await parseResponse(client.v1.virtualmcpservers.$get());
for (const { namespace, name, status } of items) console.log(`known: ${namespace}/${name} ${status.phase}`);

// A problem says what is wrong, and where.
const refused = await resource.status.$put({ param, json: { phase: 'Ready', backendCount: -1 } });
if (refused.status === 422) {
  const { code, issues = [] } = await refused.json();
  for (const { path, message } of issues) console.log(`${code}: ${path}: ${message}`);
}
