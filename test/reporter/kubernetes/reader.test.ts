import { describe, expect, it } from 'vitest';
import { createReader } from '../../../src/reporter/kubernetes/reader.ts';
import { canonicalStatus } from '../../../src/status/canonical.ts';
import { settle } from '../../../src/status/reading.ts';
import type { Status } from '../../../src/status/types.ts';

const report = (backends: number): Status => ({
  phase: 'Ready',
  discoveredBackends: Array.from({ length: backends }, (_, index) => ({
    name: `backend-${index}`,
    status: 'ready',
  })),
});

/** A report that no check lets through. */
const faulty = (backends: number) => ({ ...report(backends), staus: 'unknown' }) as Status;

/** A reader that has read a long report, and loaded what it remembers that with. */
async function laterReader() {
  const read = createReader();
  read(report(20));
  await import('../../../src/status/reading.ts');
  return read;
}

describe('createReader', () => {
  it.each([1, 20])('converts a report of %i backends, at first and later', async backends => {
    const expected = canonicalStatus(report(backends));
    expect(createReader()(report(backends))).toStrictEqual(expected);
    expect((await laterReader())(report(backends))).toStrictEqual(expected);
  });

  it.each([1, 20])('refuses a faulty report of %i backends, at first and later', async backends => {
    const refused = expect.objectContaining({ issues: [expect.objectContaining({ path: ['staus'] })] });
    expect(() => createReader()(faulty(backends))).toThrow(refused);
    const later = await laterReader();
    expect(() => later(faulty(backends))).toThrow(refused);
  });

  it('checks no settled report again where it remembers the one before', async () => {
    const later = await laterReader();
    expect(later(settle(faulty(20)))).toMatchObject(canonicalStatus(report(20)));
  });
});
