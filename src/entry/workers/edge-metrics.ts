/** The metrics of a Worker: isolates come and go, so the index object counts. */

import type { Metrics } from '../../http/metrics/metrics.ts';
import type { ResourceRecord } from '../../http/model.ts';
import { ask } from './messages.ts';
import type { ObjectStub } from './platform.ts';

/** `POST /metrics` of the index: of which resources. */
export interface MetricsMessage {
  readonly resources: readonly Pick<ResourceRecord, 'namespace' | 'name'>[];
}

export function createEdgeMetrics(index: () => ObjectStub): Metrics {
  return {
    // https://prometheus.io/docs/instrumenting/exposition_formats/
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    text(records) {
      const resources = records.map(({ namespace, name }) => ({ namespace, name }));
      return ask(index(), 'POST', '/metrics', { resources } satisfies MetricsMessage);
    },
    // The delivery objects tell the index themselves.
    report() {},
    request() {},
  };
}
