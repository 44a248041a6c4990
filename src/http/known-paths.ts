import type { Result, Router } from 'hono/router';
import { Recent } from './recent.ts';

/** Characters of a path that is remembered: those of resources are shorter. */
const longest = 400;

/**
 * A router that remembers what it found: a gateway asks for one path all its life.
 *
 * @param limit paths that are remembered; what was not asked for the longest time goes first
 */
export function remembering<T>(router: Router<T>, limit = 10_000): Router<T> {
  let known = new Recent<Result<T>>(limit);

  return {
    name: router.name,
    add(method, path, handler) {
      known = new Recent(limit);
      router.add(method, path, handler);
    },
    match(method, path) {
      if (path.length > longest) return router.match(method, path);
      const key = `${method} ${path}`;
      let found = known.use(key);
      if (found === undefined) {
        found = router.match(method, path);
        known.set(key, found);
      }
      return found;
    },
  };
}
