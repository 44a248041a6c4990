import { CommanderError } from '@commander-js/extra-typings';
import { type ErrorCode, isStatusReporterError } from '../../errors.ts';

/** What the command line ends with. Stable: scripts may test for them. */
export const exitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  invalid: 3,
  notFound: 4,
  refused: 5,
} as const;

export const exitCodeHelp = `Exit codes:
  0  done
  1  failed: not reached, timed out, conflict, throttled; trying again later may help
  2  usage: the command line or the configuration is wrong
  3  invalid: the status or the backends break the schema; nothing was sent
  4  not found: there is no such resource, or no such resource type
  5  refused: the credential is not accepted, or its rights do not suffice`;

const codes: Partial<Record<ErrorCode, number>> = {
  configuration: exitCode.usage,
  invalid_status: exitCode.invalid,
  too_large: exitCode.invalid,
  not_found: exitCode.notFound,
  unauthorized: exitCode.refused,
  forbidden: exitCode.refused,
};

/** The exit code of whatever ended a command; commander throws also for `--help`, which is no failure. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  return (isStatusReporterError(error) && codes[error.code]) || exitCode.failed;
}
