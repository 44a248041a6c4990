/**
 * `npm run bench`: all questions one after the other, each in a process of its own; `npm run bench -- changed burst --quick`
 * asks only those, with these options.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
const known = readdirSync(folder)
  .filter(name => name.endsWith('.ts') && name !== 'index.ts')
  .map(name => name.slice(0, -3));
const given = process.argv.slice(2);
const options = given.filter(word => word.startsWith('--'));
const questions = given.filter(word => !word.startsWith('--'));
const unknown = questions.find(question => !existsSync(join(folder, `${question}.ts`)));
if (unknown !== undefined) {
  console.error(`There is no question "${unknown}"; there are ${known.join(', ')}.`);
  process.exit(2);
}
for (const question of questions.length > 0 ? questions : known) {
  console.log(`\n## ${question}`);
  const script = join(folder, `${question}.ts`);
  const { status } = spawnSync(process.execPath, [script, ...options], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
