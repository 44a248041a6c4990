import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { exitCodeHelp } from '../../../src/entry/cli/exit-code.ts';
import { projectRoot } from '../../support/sources.ts';
import { cli } from './support.ts';

describe('what the README says of the command line', () => {
  let section: string;

  beforeAll(async () => {
    const readme = await readFile(join(projectRoot, 'README.md'), 'utf8');
    section = readme.split('## On the command line\n')[1]?.split('\n## ')[0] ?? '';
  });

  it('names every command, with options that there are', async () => {
    const commands = [...section.matchAll(/vmcp-status ([a-z]+(?: [^`|&\n]+)?)/g)].map(([, words = '']) =>
      words.trim().split(/\s+/),
    );
    const named = new Set(commands.map(([command]) => command));
    for (const command of ['serve', 'report', 'backends', 'get', 'watch', 'manifest', 'embedded']) {
      expect(named).toContain(command);
    }
    for (const words of commands.filter(([command]) => command !== 'help')) {
      const { code, out } = await cli([words[0] ?? '', '--help']);
      expect(code, words.join(' ')).toBe(0);
      for (const option of words.filter(word => word.startsWith('-'))) expect(out).toContain(option);
    }
  });

  it('has the exit codes of the help', () => {
    const said = [...section.matchAll(/^\| (\d) \| ([^;:|]+)/gm)].map(([, code, what = '']) => [
      code,
      what.trim(),
    ]);
    const helped = [...exitCodeHelp.matchAll(/^ {2}(\d) {2}([^;:\n]+)/gm)].map(([, code, what]) => [
      code,
      what,
    ]);
    expect(said).toStrictEqual(helped);
  });
});
