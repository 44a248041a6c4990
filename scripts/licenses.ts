// Whoever inlines somebody's code hands on their licence with it.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './entries.ts';

/** Packages without a licence file, and the one of the same authors and terms that has it. */
const sameProject: Readonly<Record<string, string>> = { '@hono/structured-logger': 'hono' };

/**
 * Licences of the packages inlined in bundles, as one Markdown text.
 *
 * @param modules paths of all modules that have left code in them
 */
export async function thirdPartyLicenses(modules: Iterable<string>): Promise<string> {
  const inlined = new Set<string>();
  for (const path of modules) {
    const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
    if (name !== undefined) inlined.add(name);
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
