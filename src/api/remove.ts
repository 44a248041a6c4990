/** Takes `item` out of `list`, if it is there: mostly it is the last. */
export function remove<T>(list: T[], item: T): void {
  const index = list.lastIndexOf(item);
  if (index < 0) return;
  if (index === list.length - 1) list.pop();
  else list.splice(index, 1);
}
