import { ProblemError } from './problem.ts';

/** One resource of the cluster. */
export interface Target {
  /** DNS-1123 label: at most 63 of `a-z`, `0-9` and `-`. */
  readonly namespace: string;
  /** DNS-1123 subdomain: labels and points, at most 253 characters. */
  readonly name: string;
}

export const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
export const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * The resource that a path names.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 * @throws ProblemError 400
 */
export function targetOf({ namespace, name }: Target): Target {
  const faults = [];
  if (namespace.length > 63 || !label.test(namespace))
    faults.push('a namespace of up to 63 of a-z, 0-9 and "-"');
  if (name.length > 253 || !subdomain.test(name)) faults.push('a name of up to 253 of a-z, 0-9, "-" and "."');
  if (faults.length > 0) throw new ProblemError('malformed', `Expected ${faults.join(' and ')} in the path.`);
  return { namespace, name };
}
