import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('the testing kit names no runtime: no node: import, no process, no Buffer; only msw.ts imports msw', () => {
  const folder = join(import.meta.dirname, '../../src/testing');
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    expect(text, file).not.toMatch(/['"]node:|\bprocess\.|\bBuffer\b|\brequire\(/);
    if (file !== 'msw.ts') expect(text, file).not.toMatch(/from 'msw/);
  }
});
