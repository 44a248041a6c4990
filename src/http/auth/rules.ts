import { ConfigurationError } from '../../errors.ts';
import type { Verb } from '../model.ts';
import type { Target } from '../target.ts';

/** What somebody may do with which resources. */
export interface Grant {
  /**
   * `namespace/name`. A `*` is any run of characters: `prod/*`, `team-*\/gateway`, `*\/*`. In rules, `{claim}` is what that
   * claim says, taken literally: `{/kubernetes.io/namespace}/*`.
   */
  readonly targets: readonly string[];
  /** Default: both. */
  readonly verbs?: readonly Verb[];
}

/** Which tokens get which grant. */
export interface Rule extends Grant {
  /** What `sub` must be; a `*` is any run of characters. Default: anything. */
  readonly subject?: string;
  /**
   * What other claims must be, by name or, with a leading slash, by JSON pointer (RFC 6901): `/kubernetes.io/pod/name`. One
   * of several values is enough, on either side. Default: anything.
   */
  readonly claims?: Readonly<Record<string, string | readonly string[]>>;
}

/** The payload of a token that was verified. */
export type Claims = Readonly<Record<string, unknown>>;

/** Whether it is allowed. */
export type Allows = (verb: Verb, target: Target) => boolean;

/** A ServiceAccount may report and read in its own namespace, and nowhere else. */
export const ownNamespace: readonly Rule[] = [{ targets: ['{/kubernetes.io/namespace}/*'] }];

const verbs: readonly unknown[] = ['report', 'read'] satisfies Verb[];

/**
 * Checks rules once, to be asked what they allow to each token.
 *
 * @throws ConfigurationError where one is none
 */
export function compileRules(rules: readonly Rule[]): (claims: Claims) => Allows {
  for (const [index, rule] of rules.entries()) checkRule(rule, `rules[${index}]`);
  return claims => {
    const grants = rules.filter(rule => applies(rule, claims)).map(grant => compile(grant, claims));
    return (verb, target) => grants.some(allows => allows(verb, target));
  };
}

/** What a grant allows that depends on no claim. */
export function compileGrant(grant: Grant): Allows {
  return compile(grant, {});
}

function checkRule(rule: Rule, where: string): void {
  checkMembers(rule, ['subject', 'claims', 'targets', 'verbs'], where);
  const { subject, claims = {} } = rule;
  const texts = [subject ?? '', ...(typeof claims === 'object' ? Object.values(claims ?? {}) : [undefined])];
  if (texts.flat().some(text => typeof text !== 'string')) {
    throw new ConfigurationError(
      `${where}: expected texts as subject and as the values of claims, found something else.`,
    );
  }
  checkGrant(rule, where);
}

/**
 * A condition whose name is misspelt would be none, and let everybody in.
 *
 * @throws ConfigurationError
 */
export function checkMembers(value: unknown, names: readonly string[], where: string): void {
  const found = typeof value === 'object' && value !== null ? Object.keys(value) : undefined;
  if (found?.every(name => names.includes(name))) return;
  // Not quoted: among shared secrets it may be one.
  throw new ConfigurationError(
    `${where}: expected an object with some of ${names.join(', ')}, found ${found === undefined ? 'none' : 'another member'}.`,
  );
}

/**
 * @param where what to call it in an error
 * @throws ConfigurationError
 */
export function checkGrant({ targets, verbs: given }: Grant, where: string, placeholders = true): void {
  if (!Array.isArray(targets) || targets.length === 0) {
    throw new ConfigurationError(`${where}.targets: expected a list of "namespace/name", found none.`);
  }
  for (const target of targets) {
    if (typeof target === 'string' && pattern.test(target) && (placeholders || !target.includes('{')))
      continue;
    throw new ConfigurationError(
      `${where}.targets: expected "namespace/name" of a-z, 0-9, "-", "." and "*", found ${JSON.stringify(target)}.`,
    );
  }
  if (given !== undefined && !(Array.isArray(given) && given.every(verb => verbs.includes(verb)))) {
    throw new ConfigurationError(
      `${where}.verbs: expected a list of "report" and "read", found ${JSON.stringify(given)}.`,
    );
  }
}

const pattern = /^((?:[a-z0-9.*-]|\{[^{}]+\})+)\/((?:[a-z0-9.*-]|\{[^{}]+\})+)$/;

function applies({ subject, claims: wanted = {} }: Rule, claims: Claims): boolean {
  const conditions: [name: string, globs: string | readonly string[]][] = Object.entries(wanted);
  if (subject !== undefined) conditions.push(['sub', subject]);
  return conditions.every(([name, globs]) => {
    const found = valuesOf(claims, name);
    return [globs].flat().some(glob => found.some(value => toRegExp(glob, claims).test(value)));
  });
}

function compile({ targets, verbs }: Grant, claims: Claims): Allows {
  const parts = targets.map(target => {
    const [, namespace = '', name = ''] = pattern.exec(target) ?? [];
    return { namespace: toRegExp(namespace, claims, true), name: toRegExp(name, claims, true) };
  });
  return (verb, target) =>
    (verbs === undefined || verbs.includes(verb)) &&
    parts.some(({ namespace, name }) => namespace.test(target.namespace) && name.test(target.name));
}

/** `*` is any run of characters; `{claim}`, where there are such, what the claim says. A claim's own `*` is nothing special. */
function toRegExp(glob: string, claims: Claims, placeholders = false): RegExp {
  const source = glob.replace(placeholders ? /\{[^{}]+\}|./gs : /./gs, part => {
    if (part === '*') return '.*';
    if (part.length === 1) return literal(part);
    const values = valuesOf(claims, part.slice(1, -1)).filter(value => value !== '');
    // Of no value at all nothing is allowed: an empty alternative would match.
    return values.length === 0 ? '(?!)' : `(?:${values.map(literal).join('|')})`;
  });
  return new RegExp(`^${source}$`, 's');
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** What a claim says, as texts. */
function valuesOf(claims: Claims, name: string): string[] {
  const path = name.startsWith('/')
    ? name
        .slice(1)
        .split('/')
        .map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    : [name];
  let found: unknown = claims;
  for (const key of path) {
    found =
      typeof found === 'object' && found !== null && Object.hasOwn(found, key)
        ? (found as Claims)[key]
        : undefined;
  }
  return [found]
    .flat()
    .filter(value => ['string', 'number', 'boolean'].includes(typeof value))
    .map(String);
}
