// The Reporter's contract: the same cases against the fake and against a real kube-apiserver.
import { describe } from 'vitest';
import { describeApply } from './reporter/apply.ts';
import { describeLifecycle } from './reporter/lifecycle.ts';
import { describeRights } from './reporter/rights.ts';
import type { ReporterTarget } from './reporter/subject.ts';
import { describeWriting } from './reporter/writing.ts';

export function describeReporterContract(target: () => ReporterTarget): void {
  describe('writing', () => describeWriting(target));
  describe('server-side apply', () => describeApply(target));
  describe('rights', () => describeRights(target));
  describe('lifecycle', () => describeLifecycle(target));
}
