import type { ResourceRecord } from '../../../src/http/model.ts';

export const now = Date.parse('2026-11-22T12:00:00Z');

/** RFC 3339 of some seconds ago. */
export function ago(seconds: number): string {
  return new Date(now - seconds * 1000).toISOString();
}

/** A resource whose last report was delivered; a test says what is different. */
export function record(changes: Partial<ResourceRecord> = {}): ResourceRecord {
  return {
    namespace: 'default',
    name: 'demo',
    status: { phase: 'Ready', message: '3 of 3 backends can take requests', backendCount: 3 },
    observedAt: ago(12),
    delivery: {
      id: '1',
      state: 'delivered',
      acceptedAt: ago(12),
      endedAt: ago(11.958),
      duration: 42,
      outcome: 'applied',
      result: { outcome: 'applied', requests: 2, attempts: 1, resourceVersion: '481' },
      attempts: 1,
    },
    deliveredAt: ago(10),
    timeline: [{ phase: 'Ready', at: ago(600) }],
    ...changes,
  };
}
