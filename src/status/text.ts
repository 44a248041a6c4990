/** The JSON text of long lists, kept item by item: what did not change is not written again. */

/** From here on keeping the texts costs less than writing them. */
export function isLong<T>(list: readonly T[] | undefined | null): list is readonly T[] {
  return list != null && list.length >= 16;
}

const known = new WeakMap<readonly object[], readonly string[]>();

/** `JSON.stringify(list)`. The list and its items must never change. */
export function listText(list: readonly object[]): string {
  let texts = known.get(list);
  if (texts === undefined) {
    texts = list.map(item => JSON.stringify(item));
    known.set(list, texts);
  }
  return `[${texts.join(',')}]`;
}

/** Lets `list` have the texts of the items that are the same, at the same place, in `before`. */
export function shareTexts(before: readonly object[], list: readonly object[]): void {
  const texts = known.get(before);
  if (texts === undefined || list.length !== before.length) return;
  known.set(
    list,
    list.map((item, index) => (item === before[index] ? texts[index]! : JSON.stringify(item))),
  );
}
