// The HTTP contract against the fake; test/e2e runs the same cases against a real kube-apiserver.
import { describe } from 'vitest';
import { createFakeTarget } from '../testing/fake-target.ts';
import { describeHttpContract } from './http.ts';

const target = createFakeTarget();

describe('HTTP contract: fake API server', () => describeHttpContract(() => target));
