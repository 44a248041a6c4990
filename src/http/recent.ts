/** A map of bounded size: what was not set or touched for the longest time goes first. */
export class Recent<Value> {
  readonly #entries = new Map<string, Value>();
  readonly #limit: number;
  readonly #onLeave: ((key: string, value: Value) => void) | undefined;

  /** @param onLeave told of what had to go for its age */
  constructor(limit: number, onLeave?: (key: string, value: Value) => void) {
    this.#limit = limit;
    this.#onLeave = onLeave;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  /** A Map is walked in the order of insertion: what is set goes to its end. */
  set(key: string, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#limit) return;
    const [oldest] = this.#entries;
    this.#entries.delete(oldest![0]);
    this.#onLeave?.(...oldest!);
  }

  /** Removes and returns. */
  take(key: string): Value | undefined {
    const value = this.#entries.get(key);
    this.#entries.delete(key);
    return value;
  }

  keys(): IterableIterator<string> {
    return this.#entries.keys();
  }

  entries(): IterableIterator<[string, Value]> {
    return this.#entries.entries();
  }
}
