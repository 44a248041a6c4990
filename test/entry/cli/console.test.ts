import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

describe('the console of a process', () => {
  it('has written what was logged when the process ends at once', () => {
    const module = new URL('../../../src/entry/cli/console.ts', import.meta.url);
    const program = `import { processConsole } from '${module}';
      processConsole().log('last\\n');
      process.exit(3);`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toStrictEqual({ status: 3, stderr: 'last\n' });
  });
});
