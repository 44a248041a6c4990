/** What arrived at the fake, oldest first, up to a number. */
import type { RecordedRequest } from './options.ts';

export class RequestLog {
  readonly entries: RecordedRequest[] = [];
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  add(entry: Omit<RecordedRequest, 'body'>): void {
    this.entries.push({
      ...entry,
      // Read when asked for: most bodies never are.
      get body(): unknown {
        return parse(this.text);
      },
    });
    if (this.entries.length > this.#most) this.entries.splice(0, this.entries.length - this.#most);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
