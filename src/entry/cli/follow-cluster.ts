import { createTransport } from '#transport';
import { type FollowOptions, follow } from '../../api/follow.ts';
import type { Change } from '../../api/watch.ts';
import { followAccess } from '../../transport/pool.ts';
import type { Credentials } from '../../types.ts';

/** {@link follow}, with the runtime's own transport. */
export async function* followCluster(
  credentials: Credentials,
  options: Omit<FollowOptions, 'connect'>,
): AsyncGenerator<Change, void> {
  const connection = followAccess(createTransport);
  try {
    yield* follow({
      ...options,
      async connect(asked) {
        const access = await credentials.access(asked);
        return { access, transport: connection.for(access) };
      },
    });
  } finally {
    // What streams still is aborted by its signal; nobody waits for it.
    void connection.close();
  }
}
