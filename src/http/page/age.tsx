import { instant } from '../../status/time.ts';
import type { Time } from '../../status/types.ts';

/**
 * A length of time for people: `12 s`, `3 min`, `2 h`, `5 d`. The page's script carries the text of this function, so that
 * ages grow old alike on both sides: it must need nothing outside it and hold no function of its own.
 *
 * @param ms milliseconds
 */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** How long something took: `0.4 s`, `42 ms`. */
export function formatLatency(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : formatDuration(ms);
}

/** When something was, as an age that the script keeps right: `12 s ago`, or with `bare` just `12 s`. */
export function Age({ at, now, bare = false }: { at: Time; now: number; bare?: boolean }) {
  const ms = instant(at);
  const duration = formatDuration(now - ms);
  return (
    <time datetime={new Date(ms).toISOString()} data-age={bare ? '' : ' ago'}>
      {bare ? duration : `${duration} ago`}
    </time>
  );
}

/** A moment of the clock, UTC: `14:03:12`, or `Nov 21 14:03` where that is another day. */
export function Clock({ at, now }: { at: Time; now: number }) {
  const iso = new Date(instant(at)).toISOString();
  const today = new Date(now).toISOString().slice(0, 10) === iso.slice(0, 10);
  const day = `${months[Number(iso.slice(5, 7)) - 1]} ${Number(iso.slice(8, 10))}`;
  return <time datetime={iso}>{today ? iso.slice(11, 19) : `${day} ${iso.slice(11, 16)}`}</time>;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
