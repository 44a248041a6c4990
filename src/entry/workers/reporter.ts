/** Reporters that go through the binding to the cluster, where there is one. */

import { createTransport } from '#transport';
import { defined } from '../../defined.ts';
import type { Observer } from '../../http/metrics/events.ts';
import type { Target } from '../../http/target.ts';
import type { ReporterMemory } from '../../reporter/kubernetes/known.ts';
import { K8sReporter } from '../../reporter/kubernetes.ts';
import { type FetchLike, fromFetch } from '../../transport/from-fetch.ts';
import type { Credentials, Transport } from '../../types.ts';
import type { Env } from './env.ts';

export interface ClusterReporterOptions {
  /** Milliseconds for a whole report. Default: that of the reporter. */
  readonly totalTimeout?: number;
  /** Told of every request. Default: nobody. */
  readonly observer?: Pick<Observer, 'request'>;
  /** What an earlier reporter knew of the resource. Default: nothing. */
  readonly memory?: ReporterMemory;
}

export function createClusterReporter(
  env: Env,
  { namespace, name }: Target,
  credentials: Credentials,
  { totalTimeout, observer, memory }: ClusterReporterOptions = {},
): K8sReporter {
  const transport = clusterTransport(env, credentials);
  return new K8sReporter({
    namespace,
    name,
    credentials,
    logger: console,
    transport: observer ? observed(transport, observer) : transport,
    ...defined({ totalTimeout, memory }),
  });
}

/** The way to the API server: the binding's `fetch`, else the runtime's own. */
export function clusterTransport(env: Env, credentials: Credentials): Transport {
  const fetch = bindingFetch(env);
  if (fetch !== undefined) return fromFetch(fetch);
  return {
    async request(request) {
      const { tls, proxyUrl } = await credentials.access(defined({ signal: request.signal }));
      // Says what cannot be done here; nothing is kept in it.
      return createTransport(defined({ tls, proxyUrl })).request(request);
    },
    async close() {},
  };
}

/** The `fetch` of the binding to a private cluster. */
export function bindingFetch({ API_SERVER: binding }: Env): FetchLike | undefined {
  return binding && ((url, init) => binding.fetch(url, init));
}

function observed(transport: Transport, observer: Pick<Observer, 'request'>): Transport {
  return {
    async request(request) {
      const { method } = request;
      const began = Date.now();
      try {
        const response = await transport.request(request);
        observer.request({ method, status: response.status, duration: Date.now() - began });
        return response;
      } catch (error) {
        observer.request({ method, duration: Date.now() - began });
        throw error;
      }
    },
    close: () => transport.close(),
  };
}
