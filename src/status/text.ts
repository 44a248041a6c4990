/** The JSON text of long lists, kept from one to the next: what did not change is not written again. */

/** From here on keeping the text costs less than writing it. */
export function isLong<T>(list: readonly T[] | undefined | null): list is readonly T[] {
  return list != null && list.length >= 16;
}

interface ListText {
  readonly text: string;
  /** Of each item's own text. */
  readonly lengths: readonly number[];
}

const known = new WeakMap<readonly object[], ListText>();

/** `JSON.stringify(list)`. The list and its items must never change. */
export function listText(list: readonly object[]): string {
  let kept = known.get(list);
  if (kept === undefined) {
    const texts = list.map(item => JSON.stringify(item));
    kept = { text: `[${texts.join(',')}]`, lengths: texts.map(text => text.length) };
    known.set(list, kept);
  }
  return kept.text;
}

/** Lets `list` have the text of `before`, but for the items that are others than those at their places there. */
export function shareText(before: readonly object[], list: readonly object[]): void {
  const kept = known.get(before);
  if (kept === undefined || list.length !== before.length) return;
  const lengths = kept.lengths.slice();
  const parts: string[] = [];
  let from = 0;
  let at = 1;
  for (let index = 0; index < list.length; index++) {
    const end = at + kept.lengths[index]!;
    if (list[index] !== before[index]) {
      const text = JSON.stringify(list[index]);
      parts.push(kept.text.slice(from, at), text);
      lengths[index] = text.length;
      from = end;
    }
    at = end + 1;
  }
  known.set(list, { text: parts.join('') + kept.text.slice(from), lengths });
}
