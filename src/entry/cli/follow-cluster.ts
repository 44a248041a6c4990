import { createTransport } from '#transport';
import { connectWith } from '../../api/connection.ts';
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
      connect: connectWith(credentials, connection),
    });
  } finally {
    // What streams still is aborted by its signal; nobody waits for it.
    void connection.close();
  }
}
