/** This package as its users have it: built, validation on, `createReporter` for each resource. A process of its own. */

import {
  createReporter,
  type Reporter,
  type ReportResult,
  type Status,
  type Strategy,
  staticCredentials,
} from 'vmcp-status-reporter';
import { answerCalls } from '../support/child.ts';
import type { Round, Task } from '../support/contestant.ts';
import { drive } from '../support/load.ts';
import { reports } from '../support/report.ts';

/**
 * A real API server takes half a minute for 64 writes of 1,000 backends at once: that is to be measured, not given up. An
 * attempt may take less than the whole, as by default: timers of one length cost less.
 */
const patient = { timeout: 240_000, totalTimeout: 300_000 };

let reporters: Reporter[] = [];
let turns: number[] = [];
let series: readonly Status[] = [];

async function prepare({ server, ca, token, namespace, names, backends, strategy = 'apply' }: Task) {
  const credentials = staticCredentials({ server, token, tls: { ca } });
  const options = {
    namespace,
    credentials,
    strategy: strategy as Strategy,
    heartbeatInterval: 86_400_000,
    ...patient,
  };
  reporters = names.map(name => createReporter({ name, ...options }));
  series = reports(backends);
  turns = names.map(() => 0);
  await Promise.all(names.map((_, lane) => next(lane, true)));
}

function next(lane: number, changing: boolean): Promise<ReportResult> {
  if (changing) turns[lane]!++;
  return reporters[lane]!.reportStatus(series[turns[lane]! % series.length]);
}

answerCalls({
  prepare,
  run: ({ changing, ...load }: Round) => drive(load, lane => next(lane, changing)),
  /** So many reports at once on the first resource. */
  async burst(count: number) {
    const start = performance.now();
    const results = await Promise.all(Array.from({ length: count }, () => next(0, true)));
    const milliseconds = performance.now() - start;
    const outcomes: Record<string, number> = {};
    for (const { outcome } of results) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    return { milliseconds, outcomes };
  },
});
