import { createHash } from 'node:crypto';

/**
 * A name for what belongs to a resource, which a Service may have too: at most 63 of `a-z`, `0-9` and `-`, a letter first.
 * What does not fit is cut, and told apart by a digest.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names
 */
export function labelFor(name: string, suffix = '-status'): string {
  const label = (/^[a-z]/.test(name) ? name : `vmcp-${name}`) + suffix;
  if (label.length <= 63 && !name.includes('.')) return label;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  const room = 63 - suffix.length - digest.length - 1;
  const stem = label.slice(0, -suffix.length).replaceAll('.', '-').slice(0, room).replace(/-+$/, '');
  return `${stem}-${digest}${suffix}`;
}
