/** Loads beside the first long report, with what remembers the report before. */

import { listTexts } from './text.ts';

/** Lets `list` have the text of `before`, but for the items that are others than those at their places there. */
export function shareText(before: readonly object[], list: readonly object[]): void {
  const kept = listTexts.get(before);
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
  listTexts.set(list, { text: parts.join('') + kept.text.slice(from), lengths });
}
