import type { NodeInfo } from "./node-info.ts";
import type { Snapshot } from "./snapshot.ts";

/** What is summed up over all nodes. A node comes in with 1, and goes out with -1. */
export interface NodeSum<Sum> {
  readonly sum: Sum;
  count(info: NodeInfo, sign: 1 | -1): void;
}

/** The sums of the latest wishes, by their keys. */
export type KnownSums = Map<string, NodeSum<unknown> & { readonly infos: NodeInfo[] }>;

/**
 * Sums up over all nodes, and the next time only over those that have changed since: from one pod to the next most stay as they
 * were. Wishes with the same key are the same.
 */
export function overNodes<Wish, Sum>(
  keyOf: (wish: Wish) => string,
  begin: (wish: Wish) => NodeSum<Sum>,
): (wish: Wish, snapshot: Pick<Snapshot, "nodes" | "sums">) => Sum {
  return (wish, { nodes, sums }) => {
    const key = keyOf(wish);
    const before = sums.get(key);
    const isUseful = before?.infos.length === nodes.length;
    const known = isUseful ? (before as typeof before & NodeSum<Sum>) : { ...begin(wish), infos: [] };
    const { infos } = known;
    // All that go leave before one comes, because one may only have changed its place.
    for (let place = 0; place < infos.length; place += 1)
      if (infos[place] !== nodes[place]) known.count(infos[place]!, -1);
    for (let place = 0; place < nodes.length; place += 1) {
      if (infos[place] === nodes[place]) continue;
      infos[place] = nodes[place]!;
      known.count(infos[place]!, 1);
    }
    // The latest wish comes last, and the oldest goes.
    sums.delete(key);
    sums.set(key, known);
    for (const [oldest] of sums) if (sums.size > mostSums) sums.delete(oldest);
    return known.sum;
  };
}

/** The nodes of which something is so. The name tells it from other sums. */
export function nodesThat(
  name: string,
  isSo: (info: NodeInfo) => boolean,
): (snapshot: Pick<Snapshot, "nodes" | "sums">) => ReadonlySet<NodeInfo> {
  const find = overNodes(
    () => name,
    () => {
      const sum = new Set<NodeInfo>();
      return {
        sum,
        count(info, sign) {
          if (sign < 0) sum.delete(info);
          else if (isSo(info)) sum.add(info);
        },
      };
    },
  );
  return (snapshot) => find(undefined, snapshot);
}

const mostSums = 16;
