// What the tests of the fake share: a clock that stands still, and one object.
import {
  createFakeApiServer,
  type FakeApiServer,
  type FakeApiServerOptions,
} from '../../src/testing/index.ts';

export const moment = new Date('2026-03-01T12:00:00.750Z');

/** A fake with the object `ns/demo` and a clock that only `set` moves. */
export function createApi(options: FakeApiServerOptions = {}): FakeApiServer & { set(date: Date): void } {
  let now = moment;
  const api = createFakeApiServer({
    objects: [{ namespace: 'ns', name: 'demo' }],
    now: () => now,
    ...options,
  });
  return Object.assign(api, {
    set(date: Date) {
      now = date;
    },
  });
}

export const objectPath = '/apis/toolhive.stacklok.dev/v1beta1/namespaces/ns/virtualmcpservers/demo';
export const statusPath = `${objectPath}/status`;

/** A condition as the schema wants it. */
export function condition(type: string, status = 'True') {
  return { type, status, reason: 'Test', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' };
}

/** The fields that a manager owns, as FieldsV1. */
export function ownedBy(api: FakeApiServer, manager: string): unknown[] {
  const entries = api.get('ns', 'demo')?.metadata.managedFields ?? [];
  return entries.filter(entry => entry.manager === manager).map(entry => entry.fieldsV1);
}
