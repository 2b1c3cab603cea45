/**
 * Binary heap: the first item by `before` is found in O(1), pushed and popped in O(log n).
 *
 * Items are not removed from the middle: owners mark them stale and pass `isStale`; stale items are dropped when they
 * reach the top, and all at once when more than half of the heap may be stale.
 */
export function createHeap<Item>(before: (a: Item, b: Item) => boolean, isStale: (item: Item) => boolean) {
  let items: Item[] = [];
  let stale = 0;

  const siftUp = (index: number): void => {
    const item = items[index] as Item;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(item, items[parent] as Item)) break;
      items[index] = items[parent] as Item;
      index = parent;
    }
    items[index] = item;
  };
  const siftDown = (index: number): void => {
    const item = items[index] as Item;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && before(items[child + 1] as Item, items[child] as Item)) child += 1;
      if (!before(items[child] as Item, item)) break;
      items[index] = items[child] as Item;
      index = child;
    }
    items[index] = item;
  };
  const dropTop = (): void => {
    const last = items.pop() as Item;
    if (items.length > 0) {
      items[0] = last;
      siftDown(0);
    }
  };
  const peek = (): Item | undefined => {
    while (items.length > 0 && isStale(items[0] as Item)) {
      dropTop();
      stale = Math.max(0, stale - 1);
    }
    return items[0];
  };

  return {
    push(item: Item): void {
      items.push(item);
      siftUp(items.length - 1);
    },
    peek,
    pop(): Item | undefined {
      const top = peek();
      if (top !== undefined) dropTop();
      return top;
    },
    /** Tells that one item somewhere in the heap has become stale. */
    noteStale(): void {
      stale += 1;
      if (stale < 1000 || stale * 2 < items.length) return;
      items = items.filter((item) => !isStale(item));
      stale = 0;
      for (let index = (items.length >> 1) - 1; index >= 0; index -= 1) siftDown(index);
    },
    clear(): void {
      items = [];
      stale = 0;
    },
  };
}
