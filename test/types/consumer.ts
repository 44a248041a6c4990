// A user's program, as the type checker sees it: compiled by types.test.ts against the installed package alone, with a
// browser's library or a worker's, no @types/node, and every declaration file checked.
import {
  type Condition,
  type CreateReporterOptions,
  type Credentials,
  createReporter,
  type ErrorCode,
  isApiError,
  isInvalidStatusError,
  isStatusReporterError,
  K8sReporter,
  LoggingReporter,
  NoOpReporter,
  type Outcome,
  type parseStatus,
  type Reporter,
  type ReportResult,
  type Status,
  startReporting,
  statusSchema,
} from 'vmcp-status-reporter';

/** Exactly the same type: neither wider nor narrower. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_Claim extends true>(): void => {};

// A plain literal is a status; times are Date or text.
const status: Status = {
  phase: 'Ready',
  conditions: [
    { type: 'Ready', status: 'True', reason: 'AllReady', message: '', lastTransitionTime: new Date() },
  ],
  discoveredBackends: [{ name: 'github', lastHealthCheck: '2026-01-02T03:04:05Z' }],
};
holds<Same<Status['phase'], 'Pending' | 'Ready' | 'Degraded' | 'Failed'>>();
holds<Same<Condition['status'], 'True' | 'False' | 'Unknown'>>();
// @ts-expect-error no such phase
const fine: Status = { phase: 'Fine' };
// @ts-expect-error a phase is needed
const nothing: Status = {};
// @ts-expect-error no such property
const misspelt: Status = { phase: 'Ready', backendcount: 1 };

// Every reporter is a Reporter.
const credentials: Credentials = {
  source: 'mine',
  access: async () => ({ server: 'https://api.example', token: 't' }),
};
const options: CreateReporterOptions = { name: 'gateway', namespace: 'default', credentials };
const reporters: Reporter[] = [
  createReporter(options),
  createReporter(),
  new NoOpReporter(),
  new LoggingReporter(),
  new LoggingReporter({ logger: console }),
  new K8sReporter({ name: 'gateway', namespace: 'default', credentials }),
];

export async function use(reporter: Reporter, signal: AbortSignal): Promise<Outcome> {
  const shutdown = await reporter.start({ signal });
  const result = await reporter.reportStatus(status, { signal });
  holds<Same<typeof result, ReportResult>>();
  await reporter.reportStatus(null);
  // @ts-expect-error a signal is an AbortSignal
  await reporter.reportStatus(status, { signal: true });
  const reporting = startReporting(reporter, async () => status, { interval: 30_000, signal });
  reporting.trigger();
  await reporting.stop();
  await shutdown();
  return result.outcome;
}

// Untrusted input, through the function or any library that takes a Standard Schema.
holds<Same<ReturnType<typeof parseStatus>, Status>>();
export const outcome = statusSchema['~standard'].validate({});

// Guards narrow.
export function explain(error: unknown): string {
  if (isInvalidStatusError(error))
    return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join();
  if (isApiError(error)) return `${error.httpStatus} ${error.reason ?? ''} ${error.causes.length}`;
  if (isStatusReporterError(error)) {
    holds<Same<typeof error.code, ErrorCode>>();
    // @ts-expect-error no such code
    if (error.code === 'nope') return '';
    return error.code;
  }
  return '';
}

export const all = [fine, nothing, misspelt, reporters];
