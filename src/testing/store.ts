/** What lies below an API server: every object under its key, one counter of revisions, and the history for watches. */
import { type KubernetesObject, withMetadata } from './object.ts';

/** One stored change. */
export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** `virtualmcpservers.toolhive.stacklok.dev` and the like. */
  readonly resource: string;
  /** The object after the change; before it for `DELETED`, with the revision of the deletion. */
  readonly object: KubernetesObject;
  /** The object before the change; absent for `ADDED`. */
  readonly previous?: KubernetesObject;
  readonly revision: number;
}

const historyLength = 1000;

export class Store {
  readonly #objects = new Map<string, Map<string, KubernetesObject>>();
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  readonly #history: StoreEvent[] = [];
  /** A cluster has a past before anybody looks. */
  #revision = 100;
  /** Changes up to this revision are forgotten. */
  #forgotten = this.#revision;
  #uids = 0;
  #suffixes = 0;

  /** Moves with every stored change of anything. */
  get revision(): number {
    return this.#revision;
  }

  get(resource: string, namespace: string, name: string): KubernetesObject | undefined {
    return this.#objects.get(resource)?.get(keyOf(namespace, name));
  }

  /** In the order of their keys; of one namespace, or of all with `''`. */
  list(resource: string, namespace: string): KubernetesObject[] {
    return [...(this.#objects.get(resource) ?? [])]
      .filter(([key]) => namespace === '' || key.startsWith(`${namespace}/`))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object);
  }

  /** Stores the object with the next revision and gives it back as stored. */
  put(resource: string, object: KubernetesObject): KubernetesObject {
    const objects = this.#objects.get(resource) ?? new Map<string, KubernetesObject>();
    this.#objects.set(resource, objects);
    const key = keyOf(object.metadata.namespace ?? '', object.metadata.name);
    const previous = objects.get(key);
    const stored = this.#next(object);
    objects.set(key, stored);
    const change =
      previous === undefined ? { type: 'ADDED' as const } : { type: 'MODIFIED' as const, previous };
    this.#publish({ ...change, resource, object: stored, revision: this.#revision });
    return stored;
  }

  /** Removes the object and gives it back with the revision of its deletion. */
  delete(resource: string, object: KubernetesObject): KubernetesObject {
    this.#objects.get(resource)?.delete(keyOf(object.metadata.namespace ?? '', object.metadata.name));
    const deleted = this.#next(object);
    this.#publish({ type: 'DELETED', resource, object: deleted, previous: object, revision: this.#revision });
    return deleted;
  }

  /** Changes after a revision, oldest first; `undefined` where the history does not reach back that far. */
  since(resource: string, revision: number): StoreEvent[] | undefined {
    if (revision < this.#forgotten) return undefined;
    return this.#history.filter(event => event.resource === resource && event.revision > revision);
  }

  /** Calls `listener` after every change until the returned function is called. */
  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A new uid: a version 4 UUID that counts up, so that runs are repeatable. */
  nextUid(): string {
    return `00000000-0000-4000-8000-${(++this.#uids).toString(16).padStart(12, '0')}`;
  }

  /** What a generated name ends in: five characters that count up. */
  nextSuffix(): string {
    const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
    let rest = ++this.#suffixes;
    let suffix = '';
    for (let digit = 0; digit < 5; digit++) {
      suffix = `${alphabet[rest % alphabet.length]}${suffix}`;
      rest = Math.floor(rest / alphabet.length);
    }
    return suffix;
  }

  #next(object: KubernetesObject): KubernetesObject {
    return withMetadata(object, { resourceVersion: String(++this.#revision) });
  }

  #publish(event: StoreEvent): void {
    this.#history.push(event);
    if (this.#history.length > historyLength) this.#forgotten = this.#history.shift()?.revision ?? 0;
    for (const listener of [...this.#listeners]) listener(event);
  }
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
