/** The JSON text of long lists, kept from one to the next: what did not change is not written again. */

/** From here on keeping the text costs less than writing it. */
export function isLong<T>(list: readonly T[] | undefined | null): list is readonly T[] {
  return list != null && list.length >= 16;
}

export interface ListText {
  readonly text: string;
  /** Of each item's own text. */
  readonly lengths: readonly number[];
}

/** Of the lists that were written. */
export const listTexts = new WeakMap<readonly object[], ListText>();

/** `JSON.stringify(list)`. The list and its items must never change. */
export function listText(list: readonly object[]): string {
  let kept = listTexts.get(list);
  if (kept === undefined) {
    const texts = list.map(item => JSON.stringify(item));
    kept = { text: `[${texts.join(',')}]`, lengths: texts.map(text => text.length) };
    listTexts.set(list, kept);
  }
  return kept.text;
}
