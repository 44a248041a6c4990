// Whoever inlines somebody's code hands on their licence with it.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { root } from './entries.ts';

/** Packages without a licence file, and the one of the same authors and terms that has it. */
const sameProject: Readonly<Record<string, string>> = { '@hono/structured-logger': 'hono' };

/** Licences of the packages inlined in bundles, as one Markdown text. */
export async function thirdPartyLicenses(...metafiles: readonly Metafile[]): Promise<string> {
  const inlined = new Set<string>();
  for (const output of metafiles.flatMap(({ outputs }) => Object.values(outputs))) {
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
      if (name !== undefined && bytesInOutput > 0) inlined.add(name);
    }
  }
  const parts = ['# Code of others in this build\n'];
  for (const name of [...inlined].sort()) {
    const folder = join(root, 'node_modules', name);
    const licensed = join(root, 'node_modules', sameProject[name] ?? name);
    const file = (await readdir(licensed)).find(entry => /^licen[cs]e/i.test(entry));
    if (file === undefined)
      throw new Error(`${name} is inlined in the build, but its package holds no licence file`);
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    parts.push(`## ${name} ${version}\n\n${(await readFile(join(licensed, file), 'utf8')).trim()}\n`);
  }
  return parts.join('\n');
}
