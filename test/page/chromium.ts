// The browser of the page's tests and pictures.
import { type Browser, chromium } from 'playwright-core';
import { findChromium, missingChromium } from './find-chromium.ts';

/** Starts it headless, with a profile of its own that goes with it. The caller closes it. */
export async function startChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(missingChromium());
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
