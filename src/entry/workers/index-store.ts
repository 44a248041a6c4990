/** The {@link Store} of a Worker: it asks the index object. */

import type { ResourceRecord, Store } from '../../http/model.ts';
import { ask, objectNamed, type RecordMessage } from './messages.ts';
import type { ObjectNamespace, ObjectStub } from './platform.ts';

/** The one index object. */
export function indexObject(objects: ObjectNamespace): ObjectStub {
  return objectNamed(objects, 'index');
}

/** Tells the index. An older revision than it has changes nothing. */
export async function publishRecord(index: ObjectStub, message: RecordMessage): Promise<void> {
  await ask(index, 'PUT', '/records', message);
}

/** @throws where the index does not answer */
export async function checkIndex(index: ObjectStub): Promise<void> {
  await ask(index, 'GET', '/');
}

/** @param index a stub of the request that asks: none may be used in another one */
export function createIndexStore(index: () => ObjectStub): Store {
  return {
    list: () => ask(index(), 'GET', '/records'),
    changes(signal) {
      // From now on, not from the first step of the iteration.
      const response = index().fetch('https://object/changes', { signal });
      response.catch(() => {});
      return readLines(response, signal);
    },
  };
}

async function* readLines(response: Promise<Response>, signal: AbortSignal): AsyncGenerator<ResourceRecord> {
  let rest = '';
  const decoder = new TextDecoder();
  try {
    const reader = (await response).body!.getReader();
    const stop = () => void reader.cancel().catch(() => {});
    signal.addEventListener('abort', stop, { once: true });
    try {
      for (let step = await reader.read(); !step.done; step = await reader.read()) {
        const lines = (rest + decoder.decode(step.value, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line !== '') yield JSON.parse(line);
      }
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
