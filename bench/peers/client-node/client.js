/**
 * A report with `@kubernetes/client-node`: get and replace, or server-side apply, each as it is shipped and with its
 * dispatcher made once. As shipped it makes one for every request, and so opens a connection for each. A process of its own.
 */

import { CustomObjectsApi, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { answerCalls } from '../../support/child.ts';
import { drive } from '../../support/load.ts';
import { reports } from '../../support/report.ts';

const fieldManager = 'client-node';
const lastTransitionTime = '2026-01-02T03:04:05Z';

let send = async (_lane, _changing) => {};

async function prepare({ server, ca, token, namespace, names, backends, strategy, cached }) {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: 'bench', server, caData: Buffer.from(ca).toString('base64'), skipTLSVerify: false }],
    users: [{ name: 'bench', token }],
    contexts: [{ name: 'bench', cluster: 'bench', user: 'bench' }],
    currentContext: 'bench',
  });
  if (cached) keepDispatcher(config);
  const api = config.makeApiClient(CustomObjectsApi);
  const target = {
    group: 'toolhive.stacklok.dev',
    version: 'v1beta1',
    namespace,
    plural: 'virtualmcpservers',
  };
  const serverSideApply = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply);
  const statuses = reports(backends).map(({ conditions, ...rest }) => ({
    ...rest,
    observedGeneration: 1,
    conditions: conditions.map(condition => ({ ...condition, lastTransitionTime })),
  }));
  const turns = names.map(() => 0);

  async function replace(name, status) {
    const object = await api.getNamespacedCustomObject({ ...target, name });
    await api.replaceNamespacedCustomObjectStatus({ ...target, name, body: { ...object, status } });
  }

  async function apply(name, status) {
    const body = {
      apiVersion: `${target.group}/${target.version}`,
      kind: 'VirtualMCPServer',
      metadata: { name, namespace },
      status,
    };
    await api.patchNamespacedCustomObjectStatus(
      { ...target, name, body, fieldManager, force: true },
      serverSideApply,
    );
  }

  const report = strategy === 'apply' ? apply : replace;
  send = (lane, changing) => {
    if (changing) turns[lane]++;
    return report(names[lane], statuses[turns[lane] % statuses.length]);
  };
  await send(0, true);
}

/** Makes every request share what the first one made. */
function keepDispatcher(config) {
  const make = config.createDispatcher.bind(config);
  let dispatcher;
  config.createDispatcher = (...inputs) => {
    dispatcher ??= make(...inputs);
    return dispatcher;
  };
}

answerCalls({
  prepare,
  run: ({ changing, ...load }) => drive(load, lane => send(lane, changing)),
});
