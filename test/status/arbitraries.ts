// Random reports, statuses and writers, for property tests.

import fc from 'fast-check';
import type { BackendDocument, JsonObject, StatusDocument } from '../../src/status/document.ts';
import type { Condition, DiscoveredBackend, Status } from '../../src/status/types.ts';

const seconds = fc.integer({ min: 1_700_000_000, max: 1_900_000_000 });
const text = fc.string({ unit: 'grapheme-ascii', maxLength: 12 });

/** RFC 3339 text as any writer may put it: UTC or with an offset, with or without a fraction. */
export const anyTime: fc.Arbitrary<string> = fc.oneof(
  seconds.map(s => `${new Date(s * 1000).toISOString().slice(0, 19)}Z`),
  seconds.map(s => `${new Date((s + 7200) * 1000).toISOString().slice(0, 19)}+02:00`),
  fc.tuple(seconds, fc.integer({ min: 0, max: 999 })).map(([s, ms]) => new Date(s * 1000 + ms).toISOString()),
);

export const anyBackend: fc.Arbitrary<DiscoveredBackend> = fc.record(
  {
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    url: text,
    status: fc.constantFrom('ready', 'degraded', 'unavailable', ''),
    authType: text,
    authConfigRef: text,
    lastHealthCheck: fc.oneof(
      anyTime,
      anyTime.map(time => new Date(time)),
    ),
    message: text,
    circuitBreakerState: fc.constantFrom('closed', 'open', 'half-open'),
    circuitLastChanged: anyTime,
    consecutiveFailures: fc.integer({ min: 0, max: 5 }),
    mcpRevision: fc.constantFrom('2025-11-25', ''),
  },
  { requiredKeys: ['name'] },
);

export const anyCondition: fc.Arbitrary<Condition> = fc.record(
  {
    type: fc.constantFrom('Ready', 'BackendsDiscovered', 'Degraded', 'example.com/Custom'),
    status: fc.constantFrom('True', 'False', 'Unknown'),
    reason: fc.constantFrom('AllGood', 'NotGood'),
    message: text,
    lastTransitionTime: anyTime,
    observedGeneration: fc.integer({ min: 0, max: 3 }),
  },
  { requiredKeys: ['type', 'status', 'reason', 'message'] },
);

export const anyReport: fc.Arbitrary<Status> = fc.record(
  {
    phase: fc.constantFrom('Pending', 'Ready', 'Degraded', 'Failed'),
    message: text,
    conditions: fc.uniqueArray(anyCondition, { selector: ({ type }) => type, maxLength: 4 }),
    discoveredBackends: fc.uniqueArray(anyBackend, { selector: ({ name }) => name, maxLength: 6 }),
    backendCount: fc.integer({ min: 0, max: 6 }),
    observedGeneration: fc.integer({ min: 0, max: 5 }),
  },
  { requiredKeys: ['phase'] },
) as fc.Arbitrary<Status>;

/** A status as it may be in a cluster: parts of it ours, parts of it the operator's, in any order. */
export const anyLive: fc.Arbitrary<StatusDocument> = fc
  .record(
    {
      phase: fc.constantFrom('Pending', 'Ready', 'Failed'),
      message: text,
      url: fc.webUrl(),
      oidcConfigHash: text,
      backendCount: fc.integer({ min: 0, max: 6 }),
      observedGeneration: fc.integer({ min: 0, max: 5 }),
      conditions: fc.uniqueArray(
        fc.record({
          type: fc.constantFrom('Ready', 'BackendsDiscovered', 'Degraded', 'Valid', 'AuthConfigured'),
          status: fc.constantFrom('True', 'False'),
          reason: fc.constant('Operator'),
          message: text,
          lastTransitionTime: anyTime,
        }),
        { selector: ({ type }) => type, maxLength: 5 },
      ),
      discoveredBackends: fc.uniqueArray(anyBackend.map(asJson), {
        selector: backend => backend['name'],
        maxLength: 6,
      }),
    },
    { requiredKeys: [] },
  )
  .map(live => live as StatusDocument);

function asJson(backend: DiscoveredBackend): JsonObject {
  return JSON.parse(JSON.stringify(backend)) as BackendDocument;
}
