import { describe, expect, it } from 'vitest';
import { listText } from '../../src/status/text.ts';

const items = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `b${index}` }));

describe('the text of a list', () => {
  it.each([0, 1, 15, 16, 40])('of %i items is its JSON', count => {
    expect(listText(items(count))).toBe(JSON.stringify(items(count)));
  });
});
