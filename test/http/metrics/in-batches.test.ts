import { describe, expect, it } from 'vitest';
import { inBatches } from '../../../src/http/metrics/in-batches.ts';

describe('events', () => {
  it('are counted in their order when somebody asks, and no more than once', () => {
    const counted: number[] = [];
    const batch = inBatches<number>(event => counted.push(event));
    for (const event of [1, 2, 3]) batch.add(event);
    expect(counted).toStrictEqual([]);
    batch.end();
    batch.end();
    expect(counted).toStrictEqual([1, 2, 3]);
  });

  it('are counted without being asked for where many wait', () => {
    const counted: number[] = [];
    const batch = inBatches<number>(event => counted.push(event), 2);
    for (const event of [1, 2, 3]) batch.add(event);
    expect(counted).toStrictEqual([1, 2]);
  });
});
