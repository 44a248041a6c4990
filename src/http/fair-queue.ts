/** A queue that takes turns between keys: however much one of them has waiting, the others wait for one of its items. */
export interface FairQueue<Item> {
  readonly size: number;
  push(key: string, item: Item): void;
  /** The first item of the key whose turn it is. */
  shift(): Item | undefined;
  /** @returns whether it was there */
  remove(key: string, item: Item): boolean;
}

export function createFairQueue<Item>(): FairQueue<Item> {
  // Walked in the order of insertion: the first key is next, and goes to the end when it was served.
  const lines = new Map<string, Item[]>();
  let size = 0;

  return {
    get size() {
      return size;
    },
    push(key, item) {
      const line = lines.get(key);
      if (line === undefined) lines.set(key, [item]);
      else line.push(item);
      size++;
    },
    shift() {
      const [next] = lines;
      if (next === undefined) return undefined;
      const [key, line] = next;
      const item = line.shift();
      lines.delete(key);
      if (line.length > 0) lines.set(key, line);
      size--;
      return item;
    },
    remove(key, item) {
      const line = lines.get(key) ?? [];
      const index = line.indexOf(item);
      if (index < 0) return false;
      line.splice(index, 1);
      if (line.length === 0) lines.delete(key);
      size--;
      return true;
    },
  };
}
