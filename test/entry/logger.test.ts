import { describe, expect, it } from 'vitest';
import { createLogger, type Level } from '../../src/entry/logger.ts';

function logged(complainsToTerminal: boolean, least?: Level, env: Record<string, string> = {}) {
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  const console = {
    env,
    isTerminal: !complainsToTerminal,
    complainsToTerminal,
    log: write,
    now: () => Date.parse('2026-03-01T12:00:00Z'),
  };
  const logger = createLogger(console, least);
  logger.debug('looking', { attempt: 1 });
  logger.info('found');
  logger.error('lost', { error: new TypeError('no', { cause: new Error('why') }) });
  return text;
}

const json = [
  '{"time":"2026-03-01T12:00:00.000Z","level":"info","message":"found"}',
  '{"time":"2026-03-01T12:00:00.000Z","level":"error","message":"lost","error":{"name":"TypeError","message":"no","cause":"why"}}',
];

describe('the log', () => {
  it('is JSON, a line for each event, where no terminal shows it, whatever the output goes to', () => {
    expect(logged(false)).toBe(`${json.join('\n')}\n`);
  });

  it('has what is of its level, or above', () => {
    expect(logged(false, 'error')).toBe(`${json[1]}\n`);
    expect(logged(false, 'debug')).toMatch(/"level":"debug","message":"looking","attempt":1\}\n/);
  });

  it('is words on a terminal, in colours that NO_COLOR switches off', () => {
    const words = `12:00:00Z info  found
12:00:00Z error  lost  error={"name":"TypeError","message":"no","cause":"why"}
`;
    expect(logged(true, 'info', { NO_COLOR: '1' })).toBe(words);
    const coloured = logged(true);
    expect(coloured).toContain('\u001b[31m12:00:00Z error\u001b[39m');
  });
});
