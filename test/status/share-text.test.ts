import { describe, expect, it, vi } from 'vitest';
import { shareText } from '../../src/status/share-text.ts';
import { listText } from '../../src/status/text.ts';

const items = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `b${index}` }));

describe('the text of a list', () => {
  it('that shares items with the one before is its JSON as well, and only the others are written', () => {
    const before = items(40);
    listText(before);
    const after = before.map((item, index) => (index === 7 ? { name: 'changed' } : item));
    const stringify = vi.spyOn(JSON, 'stringify');
    shareText(before, after);
    const text = listText(after);
    expect(stringify).toHaveBeenCalledTimes(1);
    stringify.mockRestore();
    expect(text).toBe(JSON.stringify(after));
  });

  it.each([[[0]], [[39]], [[0, 1, 2]], [[5, 20, 39]], [[]]])('is its JSON where %j changed', places => {
    let list: object[] = items(40);
    listText(list);
    for (const message of ['a', 'longer', '']) {
      const before = list;
      list = before.map((item, index) => (places.includes(index) ? { ...item, message } : item));
      shareText(before, list);
      expect(listText(list)).toBe(JSON.stringify(list));
    }
  });

  it('shares nothing with a list of another length', () => {
    const before = items(40);
    listText(before);
    const after = before.slice(1);
    shareText(before, after);
    expect(listText(after)).toBe(JSON.stringify(after));
  });
});
