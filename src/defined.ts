/** The members that have a value: for optional properties, which may be absent and may not be `undefined`. */
export function defined<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}

/** The same, to be built member by member: what is optional is set where there is a value. */
export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
