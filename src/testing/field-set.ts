/** A set of fields of an object: what FieldsV1 says that a manager owns. Never changed once built. */
import type { Atom } from './atom.ts';
import type { JsonObject } from './json.ts';
import { isObject } from './json.ts';
import { canonicalElement, compareElements, describeElement, type PathElement } from './path-element.ts';

export class FieldSet {
  static readonly empty: FieldSet = new FieldSet(new Set(), new Map());

  /** Fields that are in the set themselves. */
  readonly members: ReadonlySet<PathElement>;
  /** Fields below which something is in the set; never an empty set. */
  readonly children: ReadonlyMap<PathElement, FieldSet>;

  constructor(members: ReadonlySet<PathElement>, children: ReadonlyMap<PathElement, FieldSet>) {
    this.members = members;
    this.children = children;
  }

  get isEmpty(): boolean {
    return this.members.size === 0 && this.children.size === 0;
  }

  union(other: FieldSet): FieldSet {
    if (other.isEmpty || other === this) return this;
    if (this.isEmpty) return other;
    const children = new Map(this.children);
    for (const [element, set] of other.children)
      children.set(element, children.get(element)?.union(set) ?? set);
    return new FieldSet(new Set([...this.members, ...other.members]), children);
  }

  intersection(other: FieldSet): FieldSet {
    if (this.isEmpty || other.isEmpty) return FieldSet.empty;
    const keep = (element: PathElement): boolean => other.members.has(element);
    return this.#filter(keep, (element, set) => {
      const match = other.children.get(element);
      return match === undefined ? FieldSet.empty : set.intersection(match);
    });
  }

  /** Without the members of `other`. What lies below a member of `other` stays. */
  difference(other: FieldSet): FieldSet {
    if (this.isEmpty || other.isEmpty) return this;
    const keep = (element: PathElement): boolean => !other.members.has(element);
    return this.#filter(keep, (element, set) => {
      const match = other.children.get(element);
      return match === undefined ? set : set.difference(match);
    });
  }

  /** Without the members of `other` and all that lies below them. */
  recursiveDifference(other: FieldSet): FieldSet {
    if (this.isEmpty || other.isEmpty) return this;
    const keep = (element: PathElement): boolean => !other.members.has(element);
    return this.#filter(keep, (element, set) => {
      if (other.members.has(element)) return FieldSet.empty;
      const match = other.children.get(element);
      return match === undefined ? set : set.recursiveDifference(match);
    });
  }

  /** The set itself where nothing is filtered out. */
  #filter(
    keep: (element: PathElement) => boolean,
    below: (element: PathElement, set: FieldSet) => FieldSet,
  ): FieldSet {
    const members = new Set<PathElement>();
    for (const element of this.members) if (keep(element)) members.add(element);
    const children = new Map<PathElement, FieldSet>();
    let isSame = members.size === this.members.size;
    for (const [element, set] of this.children) {
      const kept = below(element, set);
      if (kept !== set) isSame = false;
      if (!kept.isEmpty) children.set(element, kept);
    }
    if (isSame) return this;
    return members.size === 0 && children.size === 0 ? FieldSet.empty : new FieldSet(members, children);
  }

  /** With every declared field on the way to a member as a member too. */
  withNamedParents(atom: Atom | undefined): FieldSet {
    const members = new Set(this.members);
    const children = new Map<PathElement, FieldSet>();
    for (const [element, set] of this.children) {
      const name = element.slice(2);
      const isField = element.startsWith('f:');
      if (isField && atom?.map?.fields.has(name)) members.add(element);
      const next = isField ? (atom?.map?.fields.get(name) ?? atom?.map?.element) : atom?.list?.element;
      children.set(element, set.withNamedParents(next));
    }
    return new FieldSet(members, children);
  }

  /** Every member's path as Kubernetes prints it: `.status.conditions[type="Ready"].status`; parents first. */
  paths(prefix = ''): string[] {
    const own = [...this.members].sort(compareElements).map(element => prefix + describeElement(element));
    const below = [...this.children]
      .sort(([a], [b]) => compareElements(a, b))
      .flatMap(([element, set]) => set.paths(prefix + describeElement(element)));
    return [...own, ...below];
  }

  /** As FieldsV1. */
  toFields(): JsonObject {
    const fields: JsonObject = {};
    for (const element of [...new Set([...this.members, ...this.children.keys()])].sort(compareElements)) {
      const below = this.children.get(element)?.toFields() ?? {};
      fields[element] =
        this.members.has(element) && Object.keys(below).length > 0 ? { '.': {}, ...below } : below;
    }
    return fields;
  }

  /** Reads FieldsV1. @throws SyntaxError where it is none */
  static fromFields(fields: JsonObject): FieldSet {
    const members = new Set<PathElement>();
    const children = new Map<PathElement, FieldSet>();
    for (const [key, value] of Object.entries(fields)) {
      if (key === '.') continue;
      if (!/^[fkvi]:/.test(key) || !isObject(value))
        throw new SyntaxError(`not a field of FieldsV1: ${JSON.stringify(key)}`);
      const element = canonicalElement(key);
      const below = FieldSet.fromFields(value);
      if (Object.keys(value).length === 0 || '.' in value) members.add(element);
      if (!below.isEmpty) children.set(element, below);
    }
    return members.size === 0 && children.size === 0 ? FieldSet.empty : new FieldSet(members, children);
  }
}

/** A set of one path. */
export function fieldSetOf(...paths: readonly (readonly PathElement[])[]): FieldSet {
  return paths.reduce<FieldSet>((set, path) => set.union(onePath(path)), FieldSet.empty);
}

function onePath([first, ...rest]: readonly PathElement[]): FieldSet {
  if (first === undefined) return FieldSet.empty;
  return rest.length === 0
    ? new FieldSet(new Set([first]), new Map())
    : new FieldSet(new Set(), new Map([[first, onePath(rest)]]));
}
