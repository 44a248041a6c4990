import { type Mark, tick } from './phase.tsx';

const shapes: Readonly<Record<Mark, string>> = {
  ok: `M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z${tick}`,
  warn: 'M8 1.6 15 14H1zM8 6v4M8 11.9v.2',
  bad: 'M5 1h6l4 4v6l-4 4H5l-4-4V5zM5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8',
  wait: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM8 4.4V8l2.4 1.8',
};

/** The shapes of all icons, once in the document. */
export function Shapes() {
  return (
    <svg class="shapes" aria-hidden="true" focusable="false">
      {Object.entries(shapes).map(([mark, path]) => (
        <symbol id={`mark-${mark}`} viewBox="0 0 16 16">
          <path d={path} />
        </symbol>
      ))}
    </svg>
  );
}
