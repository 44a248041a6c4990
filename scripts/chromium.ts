// Makes sure that there is a Chromium for the page's tests: installs Debian's where there is none. Needs root, or sudo.
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { findChromium, missingChromium } from '../test/page/find-chromium.ts';

if (findChromium() === undefined && !process.env['CHROMIUM']) {
  const command = ['apt-get', '-o', 'DPkg::Lock::Timeout=300'];
  if (process.getuid?.() !== 0) command.unshift('sudo', '-n');
  const run = (...args: string[]) => {
    const [program, ...rest] = [...command, ...args];
    execFileSync(program!, rest, {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  };
  try {
    run('update', '-qq');
    run('install', '-y', '-qq', '--no-install-recommends', 'chromium');
  } catch (error) {
    console.error((error as Error).message);
  }
}
const found = findChromium();
if (found === undefined) {
  console.error(missingChromium());
  process.exitCode = 1;
} else {
  console.log(`Chromium: ${found}`);
}
