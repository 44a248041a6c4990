/** What a backend's error is, as far as a status may say: its text may hold URLs, tokens and customers' names. */

export type ErrorCategory =
  | 'authentication failed'
  | 'timed out'
  | 'cancelled'
  | 'unavailable'
  | 'connection failed'
  | 'check failed';

/** How many errors of a chain of causes are looked at, about. */
const longest = 32;

/** First match wins, over the whole chain of causes: the order of the Go reference. */
const rules: readonly (readonly [ErrorCategory, (fact: Fact) => boolean])[] = [
  [
    'authentication failed',
    ({ text, status }) =>
      status === 401 ||
      status === 403 ||
      /authentication (failed|error)|authorization (failed|required)|access denied/.test(text) ||
      /401 unauthorized|unauthorized \(401\)|403 forbidden|request un(authenticated|authorized)/.test(text) ||
      /(http|status|status code) 40[13]\b/.test(text),
  ],
  [
    'timed out',
    ({ text, code, name }) =>
      name === 'TimeoutError' ||
      code.includes('TIMEOUT') ||
      code === 'ETIMEDOUT' ||
      /time(d )?out|deadline exceeded/.test(text),
  ],
  [
    'cancelled',
    ({ text, name, code }) =>
      name === 'AbortError' || code === 'ABORT_ERR' || /cancell?ed|\baborted\b/.test(text),
  ],
  ['unavailable', ({ text }) => text.includes('backend unavailable')],
  [
    'connection failed',
    ({ text, code, status }) =>
      (status >= 500 && status < 600) ||
      /^E(CONN|NOTFOUND|AI_|HOST|NET|PIPE)|^UND_ERR_SOCKET$/.test(code) ||
      /connection (refused|reset|closed)|no route to host|network is unreachable|broken pipe/.test(text) ||
      /\beof\b|fetch failed|socket hang up|econnre|enotfound/.test(text) ||
      /50[0234] (internal server error|bad gateway|service unavailable|gateway timeout)|status (code )?50[0234]\b/.test(
        text,
      ),
  ],
];

/** What the rules look at. */
interface Fact {
  /** In lower case. */
  readonly text: string;
  readonly name: string;
  /** Node's and undici's error code. */
  readonly code: string;
  /** HTTP status, else 0. */
  readonly status: number;
}

/** The category of an error or of its text; `cause` and `AggregateError.errors` count too. */
export function categorise(error: unknown): ErrorCategory {
  // A set is walked in the order in which it grows, and ends where causes run in a circle.
  const chain = new Set([error]);
  const facts: Fact[] = [];
  for (const one of chain) {
    facts.push(factOf(one));
    if (typeof one !== 'object' || one === null || chain.size > longest) continue;
    const { cause, errors } = one as { cause?: unknown; errors?: unknown };
    if (cause) chain.add(cause);
    if (Array.isArray(errors)) for (const inner of errors.slice(0, longest)) chain.add(inner);
  }
  return rules.find(([, applies]) => facts.some(applies))?.[0] ?? 'check failed';
}

function factOf(error: unknown): Fact {
  const known = typeof error === 'object' && error !== null ? error : { message: String(error) };
  const { message, name, code, status, statusCode } = known as Record<string, unknown>;
  const http = status ?? statusCode;
  return {
    text: typeof message === 'string' ? message.toLowerCase() : '',
    name: typeof name === 'string' ? name : '',
    code: typeof code === 'string' ? code : '',
    status: typeof http === 'number' ? http : 0,
  };
}
