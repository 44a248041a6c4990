import { existsSync } from 'node:fs';
import process from 'node:process';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function candidates(): string[] {
  const named = process.env['CHROMIUM'];
  return named ? [named] : usual;
}

/** Path of the browser of the page's tests: the one that CHROMIUM names, else where distributions put it. */
export function findChromium(): string | undefined {
  return candidates().find(path => existsSync(path));
}

/** What to do where there is none. */
export function missingChromium(): string {
  return (
    `Expected Chromium at ${candidates().join(' or ')}, found none. ` +
    'On Debian, `npm run chromium` installs it (as root, or with sudo); or name another with CHROMIUM=/path/to/it.'
  );
}
