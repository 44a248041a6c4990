import type { Command } from '@commander-js/extra-typings';
import type { Console } from '../console.ts';

export function addWatch(program: Command, _console: Console): void {
  program.command('watch');
}
