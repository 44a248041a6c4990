/** Reporters that go through the binding to the cluster, where there is one. */

import { defined } from '../../defined.ts';
import type { Observer } from '../../http/metrics/events.ts';
import { scheduleFor } from '../../http/schedule.ts';
import type { Scheduler } from '../../http/scheduler.ts';
import type { Target } from '../../http/target.ts';
import type { ReporterMemory } from '../../reporter/kubernetes/known.ts';
import { K8sReporter } from '../../reporter/kubernetes.ts';
import type { FetchLike } from '../../transport/from-fetch.ts';
import type { Credentials } from '../../types.ts';
import type { Env } from './env.ts';

export interface ClusterReporterOptions {
  /** Milliseconds for a whole report. Default: that of the reporter. */
  readonly totalTimeout?: number;
  /** Told of every request. Default: nobody. */
  readonly observer?: Observer;
  /** What an earlier reporter knew of the resource. Default: nothing. */
  readonly memory?: ReporterMemory;
}

export function createClusterReporter(
  env: Env,
  { namespace, name }: Target,
  credentials: Credentials,
  { totalTimeout, observer, memory }: ClusterReporterOptions = {},
): K8sReporter {
  return new K8sReporter({
    namespace,
    name,
    credentials,
    logger: console,
    ...(observer && { schedule: scheduleFor({ namespace, name }, atOnce, observer) }),
    ...defined({ totalTimeout, memory, fetch: bindingFetch(env) }),
  });
}

/** The `fetch` of the binding to a private cluster. */
export function bindingFetch({ API_SERVER: binding }: Env): FetchLike | undefined {
  return binding && ((url, init) => binding.fetch(url, init));
}

/** Each resource has an object of its own, which sends one request at a time; there is nothing to take turns with. */
const atOnce: Scheduler = { run: (_, send) => send(), waiting: 0, active: 0 };
