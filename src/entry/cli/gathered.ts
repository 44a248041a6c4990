/** Lines that go out together. */
export interface Gathered {
  add(text: string): void;
  /** Writes what was not written yet. */
  flush(): void;
}

/** Writes what is added in one turn of the event loop at once: under load, to write a line costs more than to make it. */
export function gathered(write: (text: string) => void): Gathered {
  let waiting = '';

  function flush(): void {
    const text = waiting;
    waiting = '';
    if (text !== '') write(text);
  }

  return {
    add(text) {
      if (waiting === '') setImmediate(flush);
      waiting += text;
    },
    flush,
  };
}
