// Which modules of dist/ share a file. A runtime takes about a millisecond to load one, however small: what the library
// always needs is in two.
import { dirname, join } from 'node:path';
import type { CodeSplittingGroup, Plugin } from 'rolldown';
import { root } from './entries.ts';

const src = join(root, 'src');
/** What a runtime's own modules stand in for: the library imports them by a name of package.json's `imports`. */
const platforms = [join(src, 'transport'), join(src, 'credentials', 'host')];

interface Module {
  /** What it imports statically: ids of modules, and names of what stays an import. */
  readonly imports: readonly string[];
  readonly isEntry: boolean;
}

/** The groups for `codeSplitting`, and the plugin that learns what imports what while the modules are read. */
export function chunkGroups(): { plugin: Plugin; groups: CodeSplittingGroup[] } {
  const modules = new Map<string, Module>();

  /** `ids` and all that they need at once. */
  function closure(ids: Iterable<string>): Set<string> {
    const found = new Set(ids);
    for (const id of found) for (const imported of modules.get(id)?.imports ?? []) found.add(imported);
    return found;
  }

  /** Beneath the library and the modules of a runtime, which import nothing of the library: in no circle, on any runtime. */
  function isBase(id: string): boolean {
    const ofPlatforms = [...modules].filter(
      ([id, { isEntry }]) => isEntry && platforms.includes(dirname(id)),
    );
    return closure(ofPlatforms.map(([id]) => id)).has(id) && ![...closure([id])].some(isOfRuntime);
  }

  const isCore = (id: string) => closure([join(src, 'index.ts')]).has(id);
  const shared = (test: (id: string) => boolean) => (id: string) =>
    modules.get(id)?.isEntry === false && test(id);

  return {
    plugin: {
      name: 'chunk-groups',
      moduleParsed: ({ id, importedIds, isEntry }) => void modules.set(id, { imports: importedIds, isEntry }),
    },
    groups: [
      { name: 'base', priority: 2, test: shared(isBase) },
      { name: 'core', priority: 1, test: shared(isCore) },
    ],
  };
}

function isOfRuntime(name: string): boolean {
  return /^(node|bun|cloudflare):|^bun$/.test(name);
}
