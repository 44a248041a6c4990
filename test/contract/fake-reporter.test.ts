// The reporter's contract against the fake; test/e2e runs the same cases against a real kube-apiserver.
import { describe } from 'vitest';
import { createFakeTarget } from '../testing/fake-target.ts';
import { describeReporterContract } from './reporter.ts';

const target = createFakeTarget();

describe('Reporter contract: fake API server', () => describeReporterContract(() => target));
