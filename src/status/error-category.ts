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

/** First match wins, over the whole chain of causes: the order of the Go reference. On what {@link factsOf} says. */
const rules: readonly (readonly [ErrorCategory, RegExp])[] = [
  [
    'authentication failed',
    /authentication (failed|error)|authorization (failed|required)|access denied|401 unauthorized|unauthorized \(401\)|403 forbidden|request un(authenticat|authoriz)ed|(http|status|status code) 40[13]\b/,
  ],
  ['timed out', /timed? ?out|deadline exceeded/],
  ['cancelled', /cancell?ed|\baborted\b|^aborterror|abort_err/],
  ['unavailable', /backend unavailable/],
  [
    'connection failed',
    /connection (refused|reset|closed)|no route to host|network is unreachable|broken pipe|\beof\b|fetch failed|socket hang up|50[0234] (internal server error|bad gateway|service unavailable|gateway timeout)|status (code )?50[0234]\b|\b(e(conn|notfound|ai_|host|net|pipe)|und_err_socket\b)|status 5\d\d$/,
  ],
];

/** The category of an error or of its text; `cause` and `AggregateError.errors` count too. */
export function categorise(error: unknown): ErrorCategory {
  // A set is walked in the order in which it grows, and ends where causes run in a circle.
  const chain = new Set([error]);
  const facts: string[] = [];
  for (const one of chain) {
    facts.push(factsOf(one));
    if (typeof one !== 'object' || one === null || chain.size > longest) continue;
    const { cause, errors } = one as { cause?: unknown; errors?: unknown };
    if (cause) chain.add(cause);
    if (Array.isArray(errors)) for (const inner of errors.slice(0, longest)) chain.add(inner);
  }
  return rules.find(([, pattern]) => facts.some(fact => pattern.test(fact)))?.[0] ?? 'check failed';
}

/** Name, code (Node's, undici's), message and HTTP status, in lower case. */
function factsOf(error: unknown): string {
  const known = typeof error === 'object' && error !== null ? error : { message: String(error) };
  const { name, code, message, status, statusCode } = known as Record<string, unknown>;
  return [name, code, message, 'status', status ?? statusCode]
    .map(fact => (typeof fact === 'string' || typeof fact === 'number' ? fact : ''))
    .join(' ')
    .toLowerCase();
}
