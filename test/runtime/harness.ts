// What a case is given and how its outcome is told. Portable: no runtime is named here.

/** One API server, as the case reaches it, and what it saw. */
export interface Context {
  runtime: 'node' | 'bun' | 'deno' | 'workerd';
  /** Plain HTTP: what the servers saw, and what they shall do. See servers.ts. */
  control: string;
  servers: {
    /** Bearer tokens; certificate of `ca` for `localhost` and `127.0.0.1`. */
    main: string;
    /** Demands a client certificate of `ca`. */
    clientCertificates: string;
    /** Its certificate is of another CA. */
    otherCa: string;
    /** Its certificate, of `ca`, is for `api.internal` alone. */
    otherName: string;
  };
  /** URL of a forward proxy that can CONNECT. */
  proxy: string;
  /** PEM. On workerd, which takes none from code, the runtime's own configuration trusts it. */
  ca: string;
  client: { cert: string; key: string };
  token: string;
  namespace: string;
  /** Name of a resource that no other case uses. */
  name: string;
  /** Command that prints an ExecCredential with `token`. */
  exec: { command: string; args: string[] };
}

export type Case = (context: Context) => Promise<void>;

export interface Outcome {
  name: string;
  /** Absent where the case passed. */
  error?: string;
}

/** Runs one case; `basics.name` prefixes the name of its resource. */
export async function runCase(name: string, run: Case, context: Context): Promise<Outcome> {
  try {
    await run({
      ...context,
      name: `${context.name}-${name.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}`.slice(0, 60),
    });
    return { name };
  } catch (error) {
    return { name, error: describe(error) };
  }
}

/** Runs all cases, one after another. */
export async function runAll(
  cases: Record<string, Case>,
  context: Context,
  tell: (outcome: Outcome) => void,
): Promise<void> {
  for (const [name, run] of Object.entries(cases)) tell(await runCase(name, run, context));
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

export function equal<T>(actual: T, expected: T, what: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: expected ${b}, got ${a}`);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause, error: later, suppressed } = error as Error & Record<'error' | 'suppressed', unknown>;
  const related = { cause, 'thrown in the end': later, before: suppressed };
  const more = Object.entries(related).map(([label, one]) =>
    one === undefined ? '' : `\n${label}: ${describe(one)}`,
  );
  return (error.stack ?? String(error)) + more.join('');
}
