/** What arrived at the fake, oldest first, up to a number. */
import type { RecordedRequest } from './options.ts';

/** Characters of all bodies together: a long run of large reports must not fill the memory. */
const mostText = 32 * 1024 * 1024;

export class RequestLog {
  readonly entries: RecordedRequest[] = [];
  readonly #most: number;
  #text = 0;

  constructor(most: number) {
    this.#most = most;
  }

  clear(): void {
    this.entries.length = 0;
    this.#text = 0;
  }

  add(entry: Omit<RecordedRequest, 'body'>): void {
    this.entries.push({
      ...entry,
      // Read when asked for: most bodies never are.
      get body(): unknown {
        return parse(this.text);
      },
    });
    this.#text += entry.text.length;
    while (this.entries.length > this.#most || this.#text > mostText) {
      this.#text -= this.entries.shift()?.text.length ?? 0;
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
