import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { cli } from './support.ts';

const commands = ['serve', 'report', 'backends', 'get', 'watch', 'manifest', 'embedded'];

describe('vmcp-status --help', () => {
  it('names every command, how to begin, and the exit codes', async () => {
    const { code, out, err } = await cli(['--help']);
    expect([code, err]).toStrictEqual([0, '']);
    for (const command of commands) expect(out).toMatch(new RegExp(`^  ${command} +\\w`, 'm'));
    expect(out).toContain('Try it without a cluster:');
    for (const number of [0, 1, 2, 3, 4, 5]) expect(out).toMatch(new RegExp(`^  ${number}  \\w`, 'm'));
  });

  it.each(commands)('%s has examples, which the parser takes', async command => {
    const { code, out } = await cli([command, '--help']);
    expect(code).toBe(0);
    expect(await cli(['help', command])).toMatchObject({ code: 0, out });
    const examples = out.split('Examples:\n')[1]?.match(/vmcp-status [^|>\n]*/g) ?? [];
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const words = example
        .replace(/[&\\]\s*$/, '')
        .trim()
        .split(/\s+/)
        .slice(1);
      // With --help at the end nothing runs, but what stands before must be known.
      expect(await cli([...words, '--help']), example).toMatchObject({ code: 0 });
      const unknown = words.filter(word => /^--?[a-z]/i.test(word)).filter(word => !out.includes(word));
      if (words[0] === command) expect(unknown, example).toStrictEqual([]);
    }
  });

  it('fits a terminal of 120 columns', async () => {
    for (const command of commands) {
      const { out } = await cli([command, '--help']);
      for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(120);
    }
  });
});

describe('vmcp-status', () => {
  it('says its version', async () => {
    expect(await cli(['--version'])).toStrictEqual({ code: 0, out: `${manifest.version}\n`, err: '' });
  });

  it.each([
    [['repot'], /unknown command 'repot'\n\(Did you mean report\?\)/],
    [['get', '--otput', 'json'], /unknown option '--otput'\n\(Did you mean --output\?\)/],
    [['get', 'demo', '-o', 'xml'], /Allowed choices are table, json, yaml/],
    [['get', 'demo', 'other'], /too many arguments/],
    [['report', 'demo', '--timeout', '0'], /Expected seconds/],
    [['manifest'], /missing required argument 'name'/],
    [['manifest', 'Demo'], /Expected a DNS subdomain/],
    [['embedded', 'a/b/c'], /Expected name or namespace\/name/],
    [['watch', '-A', '-n', 'x'], /cannot be used with/],
  ])('ends with 2 for %j, and says what it does not know', async (args, message) => {
    const { code, out, err } = await cli(args);
    expect([code, out]).toStrictEqual([2, '']);
    expect(err).toMatch(message);
    expect(err).toContain('--help');
  });

  it('without a command shows the help, and ends with 2', async () => {
    const { code, out, err } = await cli([]);
    expect([code, out]).toStrictEqual([2, '']);
    expect(err).toContain('Usage: vmcp-status');
  });
});
