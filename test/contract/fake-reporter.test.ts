// The reporter's contract against the fake; test/e2e runs the same cases against a real kube-apiserver.
import { describe } from 'vitest';
import { createFakeTarget } from '../testing/fake-target.ts';
import { describeOlderDefinition } from './reporter/older-definition.ts';
import { describeV1alpha1Only } from './reporter/served-version.ts';
import { describeReporterContract } from './reporter.ts';

describe('Reporter contract: fake API server', () => {
  const target = createFakeTarget();
  describeReporterContract(() => target);
});

describe('Reporter contract: fake API server with an older definition', () => {
  const target = createFakeTarget({ withoutFields: ['mcpRevision'] });
  describeOlderDefinition(() => target);
});

describe('Reporter contract: fake API server that serves v1alpha1 alone', () => {
  const target = createFakeTarget({ versions: ['v1alpha1'] });
  describeV1alpha1Only(() => target);
});
