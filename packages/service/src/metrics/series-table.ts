import type { LabelValues } from "./labels.ts";

/** The series of one metric by their label values, no more than a limit of them. */
export interface SeriesTable<S> extends Iterable<S> {
  /** The series of these values, made when it is new. The array is not kept, so a caller may use one again and again. */
  at(values: LabelValues): S;
}

/** Options of a series table. */
export interface SeriesTableOptions<S> {
  readonly labelCount: number;
  /** The most series. A further label set goes to the one series whose values are all `other`, to keep memory bounded. */
  readonly limit: number;
  readonly create: (values: LabelValues) => S;
  /** Called each time a label set has no series of its own. */
  readonly overflow: () => void;
}

/**
 * Makes an empty table. A look-up goes down one map for each label, or past it where the value is the same as the last
 * time. It neither allocates nor joins strings, because it is on every request's path.
 */
export function createSeriesTable<S>(options: SeriesTableOptions<S>): SeriesTable<S> {
  const { labelCount, limit, create, overflow } = options;
  const root = emptyNode<S>();
  const all: S[] = [];
  let other: S | undefined;

  function add(values: LabelValues): S {
    if (values.length !== labelCount)
      throw new TypeError(`there are ${values.length} label values for ${labelCount} labels`);
    const kept = [...values];
    const series = create(kept);
    all.push(series);
    let node = root;
    for (const value of kept) node = child(node, value);
    node.series = series;
    return series;
  }

  function addOrOverflow(values: LabelValues): S {
    if (all.length < limit || values.length !== labelCount) return add(values);
    overflow();
    const names = values.map(() => "other");
    return (other ??= find(root, names) ?? add(names));
  }

  return {
    at: (values) => find(root, values) ?? addOrOverflow(values),
    [Symbol.iterator]: () => all.values(),
  };
}

interface Node<S> {
  readonly children: Map<string, Node<S>>;
  /** The child that was last asked for, and its value. */
  lastValue: string | undefined;
  last: Node<S> | undefined;
  series: S | undefined;
}

function find<S>(root: Node<S>, values: LabelValues): S | undefined {
  let node: Node<S> | undefined = root;
  for (let index = 0; index < values.length && node !== undefined; index += 1) {
    const value = values[index] ?? "";
    if (value !== node.lastValue) {
      node.last = node.children.get(value);
      node.lastValue = node.last === undefined ? undefined : value;
    }
    node = node.last;
  }
  return node?.series;
}

function child<S>(node: Node<S>, value: string): Node<S> {
  let next = node.children.get(value);
  if (next === undefined) {
    next = emptyNode();
    node.children.set(value, next);
  }
  return next;
}

function emptyNode<S>(): Node<S> {
  return { children: new Map(), lastValue: undefined, last: undefined, series: undefined };
}
