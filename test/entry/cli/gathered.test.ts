import { describe, expect, it } from 'vitest';
import { gathered } from '../../../src/entry/cli/gathered.ts';

const turn = () => new Promise(resolve => setImmediate(resolve));

describe('lines', () => {
  it('of one turn of the event loop go out together, in their order', async () => {
    const written: string[] = [];
    const { add } = gathered(text => written.push(text));
    add('a\n');
    await Promise.resolve();
    add('b\n');
    expect(written).toStrictEqual([]);
    await turn();
    add('c\n');
    await turn();
    expect(written).toStrictEqual(['a\nb\n', 'c\n']);
  });

  it('go out at once, and once, where the process ends', async () => {
    const written: string[] = [];
    const { add, flush } = gathered(text => written.push(text));
    add('last\n');
    flush();
    flush();
    await turn();
    expect(written).toStrictEqual(['last\n']);
  });
});
