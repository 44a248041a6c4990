/** Members that an object names twice: JSON text says so, parsed JSON no longer does. */

/** A repeated member. */
export interface DuplicateField {
  /** As the API server prints it: `status.phase`, `items[0].name`. */
  readonly path: string;
  readonly key: string;
  /** Where in the text it begins the second time. */
  readonly position: number;
}

/** Every repeated member. The text must be JSON. */
export function duplicateFields(text: string): DuplicateField[] {
  const scanner = new Scanner(text);
  scanner.value('');
  return scanner.found;
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const colon = 0x3a;

class Scanner {
  readonly found: DuplicateField[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(path: string): void {
    const code = this.#next();
    if (code === openBrace) this.#object(path);
    else if (code === openBracket) this.#array(path);
    else if (code === quote) this.#string();
    else this.#literal();
  }

  #object(path: string): void {
    const keys = new Set<string>();
    this.#at++;
    while (this.#next() !== closeBrace) {
      if (this.#next() === comma) this.#at++;
      this.#next();
      const position = this.#at;
      const key = this.#string();
      const below = path === '' ? key : `${path}.${key}`;
      if (keys.has(key)) this.found.push({ path: below, key, position });
      keys.add(key);
      if (this.#next() === colon) this.#at++;
      this.value(below);
    }
    this.#at++;
  }

  #array(path: string): void {
    this.#at++;
    for (let index = 0; this.#next() !== closeBracket; index++) {
      if (this.#next() === comma) this.#at++;
      this.value(`${path}[${index}]`);
    }
    this.#at++;
  }

  #string(): string {
    const start = this.#at++;
    let escaped = false;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === quote) break;
      if (code === backslash) {
        escaped = true;
        this.#at++;
      }
      this.#at++;
    }
    this.#at++;
    const raw = this.#text.slice(start + 1, this.#at - 1);
    return escaped ? (JSON.parse(`"${raw}"`) as string) : raw;
  }

  #literal(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      // The end of the text reads as NaN, which is none of these.
      if (!(code > 0x20) || code === comma || code === closeBrace || code === closeBracket) return;
      this.#at++;
    }
  }

  /** The code of the next character that is no white space. */
  #next(): number {
    while (this.#text.charCodeAt(this.#at) <= 0x20) this.#at++;
    return this.#text.charCodeAt(this.#at);
  }
}
