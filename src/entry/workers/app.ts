/** The service of one isolate. */

import { defined } from '../../defined.ts';
import { createApp } from '../../http/app.ts';
import { checkApiServer } from './api-server-check.ts';
import { authenticatorOf } from './auth.ts';
import { credentialsOf } from './credentials.ts';
import { createEdgeDispatcher } from './edge-dispatcher.ts';
import { createEdgeMetrics } from './edge-metrics.ts';
import { bound, type Env } from './env.ts';
import { checkIndex, createIndexStore, indexObject } from './index-store.ts';
import { bindingFetch, createClusterReporter } from './reporter.ts';

type App = Pick<ReturnType<typeof createApp>, 'fetch'>;

const apps = new WeakMap<Env, App>();

/**
 * The app for these bindings. It is kept: what it caches are values. No request may wait for what another one does, whose
 * work ends with its answer; so stubs and reporters are made for each.
 */
export function appOf(env: Env): App {
  const known = apps.get(env);
  if (known !== undefined) return known;
  const app = createEdgeApp(env);
  apps.set(env, app);
  return app;
}

function createEdgeApp(env: Env): App {
  const credentials = credentialsOf(env);
  const fetch = bindingFetch(env);
  const index = () => indexObject(bound(env, 'STATUS_INDEX'));
  return createApp({
    dispatcher: createEdgeDispatcher({
      objects: () => bound(env, 'STATUS_DELIVERY'),
      reporter: (target, own) => createClusterReporter(env, target, own ?? credentials),
    }),
    store: createIndexStore(index),
    metrics: createEdgeMetrics(index),
    authenticate: authenticatorOf(env, { credentials, ...defined({ fetch }) }),
    ready: {
      'api-server': checkApiServer(credentials, fetch),
      index: () => checkIndex(index()),
    },
    logger: console,
  });
}
