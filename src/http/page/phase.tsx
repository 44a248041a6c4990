import type { Phase } from '../../status/types.ts';

/** Words and marks of a state: never the colour alone. */
export type Mark = 'ok' | 'warn' | 'bad' | 'wait';

export const markOf: Readonly<Record<Phase, Mark>> = {
  Ready: 'ok',
  Degraded: 'warn',
  Failed: 'bad',
  Pending: 'wait',
};

/** One of the shapes; what it means stands beside it in words. */
export function Icon({ mark }: { mark: Mark }) {
  return (
    <svg class={`icon ${mark}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <use href={`#mark-${mark}`} />
    </svg>
  );
}

/** A state in words, with its mark. */
export function Badge({ mark, children }: { mark: Mark; children: string }) {
  return (
    <span class={`badge ${mark}`}>
      <Icon mark={mark} />
      {children}
    </span>
  );
}

/** The tick of what is well. */
export const tick = 'M4.6 8.2 7 10.6l4.6-5';

const colours: Readonly<Record<Mark, string>> = {
  ok: '#1f9d61',
  warn: '#d08a00',
  bad: '#d23c3c',
  wait: '#71829a',
};

/** The page's icon in the browser's tab, in the colour of what it shows. */
export function favicon(mark: Mark): string {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="${colours[mark]}"/>` +
    `<path d="${tick}" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(mark === 'ok' ? svg : svg.replace(/<path[^>]*>/, dots))}`;
}

const dots = '<path d="M8 4v5M8 11.8v.4" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"/>';
