import { untilAborted } from '../abort.ts';
import type { Access, Credentials } from '../types.ts';
import { tokenExpiry } from './token.ts';

/** What a reading brought. */
export interface Reading {
  readonly access: Access;
  /** Milliseconds after which to read again, at the latest. */
  readonly freshFor: number;
  /** When it ceases to be valid, in milliseconds since the epoch, where more is known than a JWT tells. */
  readonly expiresAt?: number | undefined;
}

/** How long a failed reading is not tried again while what we have is still valid. */
const patience = 10_000;

/**
 * Keeps what `read` brought until it is time to read again: after `freshFor`, or four fifths of the lifetime of a token,
 * but not more than once a second. Callers at the same time share one reading. While nothing changed, the same object is
 * returned. Where a reading fails, what we have serves as long as it may be valid, unless a refresh was asked for.
 *
 * @param now the clock, in milliseconds since the epoch
 */
export function rotating(
  read: (refresh: boolean) => Promise<Reading>,
  now: () => number,
): Pick<Credentials, 'access' | 'current'> {
  let access: Access | undefined;
  let readAt = 0;
  let freshUntil = 0;
  let expiresAt = 0;
  let reading: { readonly refresh: boolean; readonly result: Promise<Access> } | undefined;

  async function readAgain(refresh: boolean): Promise<Access> {
    try {
      const found = await read(refresh);
      readAt = now();
      expiresAt = Math.min(found.expiresAt ?? Infinity, tokenExpiry(found.access.token) ?? Infinity);
      freshUntil = readAt + Math.max(1_000, Math.min(found.freshFor, 0.8 * (expiresAt - readAt)));
      if (JSON.stringify(access) !== JSON.stringify(found.access)) access = found.access;
    } catch (error) {
      if (refresh || now() >= expiresAt) throw error;
      freshUntil = now() + patience;
    }
    return access as Access;
  }

  function begin(refresh: boolean): Promise<Access> {
    // A reading that is under way may have seen what was there before it was replaced: a refresh comes after it.
    const before = reading?.result.catch(() => {});
    const result = (before ?? Promise.resolve()).then(() => readAgain(refresh));
    const mine = { refresh, result };
    reading = mine;
    const end = () => {
      if (reading === mine) reading = undefined;
    };
    result.then(end, end);
    return result;
  }

  function current(): Access | undefined {
    const time = now();
    // A clock that was set back must not keep a token for longer.
    return time >= readAt && time < freshUntil ? access : undefined;
  }

  return {
    current,
    async access({ refresh = false, signal } = {}) {
      signal?.throwIfAborted();
      const known = refresh ? undefined : current();
      if (known !== undefined) return known;
      const shared = reading !== undefined && (reading.refresh || !refresh) ? reading.result : begin(refresh);
      // Others may wait for the same reading.
      return untilAborted(shared, signal);
    },
  };
}
