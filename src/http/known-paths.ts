import type { Result, Router } from 'hono/router';
import { Recent } from './recent.ts';

/** Characters of a path that is remembered: those of resources are shorter. */
const longest = 400;

/** What a path led to when it was asked for last. */
interface Known<T> {
  readonly method: string;
  readonly found: Result<T>;
}

/**
 * A router that remembers what it found: a gateway asks for one path, and in one way, all its life.
 *
 * @param limit paths that are remembered; what was not asked for the longest time goes first
 */
export function remembering<T>(router: Router<T>, limit = 10_000): Router<T> {
  let known = new Recent<Known<T>>(limit);

  return {
    name: router.name,
    add(method, path, handler) {
      known = new Recent(limit);
      router.add(method, path, handler);
    },
    match(method, path) {
      if (path.length > longest) return router.match(method, path);
      const last = known.use(path);
      if (last?.method === method) return last.found;
      const found = router.match(method, path);
      known.set(path, { method, found });
      return found;
    },
  };
}
