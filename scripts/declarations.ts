// TypeScript leaves `.ts` in the specifiers of declaration files; a published package needs `.js`, and only what its
// entries lead to.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const specifier = /(\bfrom\s*|\bimport\s*\(?\s*)(["'])([^"']+)\2/g;

/** Every module that the text of a declaration file names. */
export function specifiersOf(text: string): string[] {
  return [...text.matchAll(specifier)].map(match => match[3] as string);
}

/** Makes `folder`'s declarations publishable, and removes those that no entry (`http/app.js`) reaches. */
export async function finishDeclarations(folder: string, entries: readonly string[]): Promise<void> {
  const names = (await readdir(folder, { recursive: true })).filter(name => name.endsWith('.d.ts'));
  const texts = new Map<string, string>();
  for (const name of names) {
    const text = await readFile(join(folder, name), 'utf8');
    texts.set(
      name,
      text.replace(specifier, (all, before, quote, path: string) =>
        path.startsWith('.') ? `${before}${quote}${path.replace(/\.tsx?$/, '.js')}${quote}` : all,
      ),
    );
  }
  const reachable = new Set<string>();
  const visit = (name: string): void => {
    const text = texts.get(name);
    if (text === undefined || reachable.has(name)) return;
    reachable.add(name);
    for (const path of specifiersOf(text)) {
      if (path.startsWith('.')) visit(join(dirname(name), path).replace(/\.js$/, '.d.ts'));
    }
  };
  for (const entry of entries) visit(entry.replace(/\.js$/, '.d.ts'));
  for (const [name, text] of texts) {
    if (reachable.has(name)) await writeFile(join(folder, name), text);
    else await rm(join(folder, name));
  }
}
