import type { NodeInfo } from "./node-info.ts";

/**
 * Remembers what was found of each node for the latest wish: the pods of one owner, which come one after the other, wish for the
 * same of nodes of which most have stayed as they were. Wishes with the same key are the same.
 */
export function perNode<Wish, Found>(
  keyOf: (wish: Wish) => string,
  lookFor: (wish: Wish) => (info: NodeInfo) => Found,
): (wish: Wish) => (info: NodeInfo) => Found {
  const place = places++;
  // Keys are compared a thousand times for a pod, and objects faster than texts.
  let latest = { text: "" };
  return (wish) => {
    const text = keyOf(wish);
    if (text !== latest.text) latest = { text };
    const key = latest;
    const look = lookFor(wish);
    return (info) => {
      const known = info.found[place];
      if (known?.key === key) return known.found as Found;
      const found = look(info);
      info.found[place] = { key, found };
      return found;
    };
  };
}

/** Each of them has a place of its own in `NodeInfo.found`. */
let places = 0;
