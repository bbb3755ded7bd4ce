import { Memo } from "./memo.ts";
import { comparePathElements, type Path, type PathElement } from "./path-element.ts";
import { SetTrie } from "./set-trie.ts";

/** What a set knows of one element: whether it is a member itself, and which fields inside it are. */
export interface FieldNode {
  readonly element: PathElement;
  readonly isMember: boolean;
  /** Empty when none is. */
  readonly children: FieldSet;
}

/**
 * A set of fields, as a tree. It is never changed once it is made; operations that change nothing return the same set, and sets
 * that are equal are mostly one, because most objects are like others.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.3/fieldpath/set.go
 */
export class FieldSet {
  static readonly empty: FieldSet = new FieldSet([]);
  /** In the order in which Kubernetes writes them; none is empty. */
  readonly nodes: readonly FieldNode[];
  #json: string | undefined;
  #inside: string | undefined;
  /** The nodes that have this set inside, by their elements. */
  #members: Memo<PathElement, FieldNode> | undefined;
  #parents: Memo<PathElement, FieldNode> | undefined;

  private constructor(nodes: readonly FieldNode[]) {
    this.nodes = nodes;
  }

  /** The set of these fields. Their parents are not members unless they are named. */
  static of(paths: Iterable<Path>): FieldSet {
    let set = FieldSet.empty;
    for (const path of paths) set = set.union(FieldSet.#ofPath(path));
    return set;
  }

  static #ofPath([element, ...rest]: Path): FieldSet {
    if (element === undefined) return FieldSet.empty;
    return FieldSet.ofNodes([
      rest.length === 0 ? leafNode(element) : fieldNode(element, false, FieldSet.#ofPath(rest)),
    ]);
  }

  /** The set of these nodes, each of another element. Those that hold nothing are left out. */
  static ofNodes(nodes: readonly FieldNode[]): FieldSet {
    const kept = nodes.every(isFull) ? nodes : nodes.filter(isFull);
    if (kept.length === 0) return FieldSet.empty;
    return sets.of(kept, () => {
      const sorted = kept.toSorted((a, b) => comparePathElements(a.element, b.element));
      return sets.of(sorted, () => new FieldSet(sorted));
    });
  }

  /** The node of an element with this set inside, one for all sets where it can be. */
  nodeOf(element: PathElement, isMember: boolean): FieldNode {
    const known = isMember ? (this.#members ??= new Memo(100)) : (this.#parents ??= new Memo(100));
    return known.of(element, () => ({ element, isMember, children: this }));
  }

  /**
   * `fieldsV1` of a managedFields entry as JSON: a trie in which `{}` is a member, and `.` says that what has fields of its own
   * is a member too. The keys are in the order in which Kubernetes writes them.
   * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.3/fieldpath/serialize.go
   */
  get json(): string {
    return (this.#json ??= flat(`{${(this.#inside ??= this.#write())}}`));
  }

  /** What stands between the braces. Sets that differ mostly have parts that do not. */
  #write(): string {
    let text = "";
    for (const { element, isMember, children } of this.nodes) {
      const inside = (children.#inside ??= children.#write());
      const dot = isMember && inside !== "" ? '".":{},' : "";
      text += `${text === "" ? "" : ","}${quoted(element)}:{${dot}${inside}}`;
    }
    return text;
  }

  get isEmpty(): boolean {
    return this.nodes.length === 0;
  }

  has(path: Path): boolean {
    const [first, ...rest] = path;
    if (first === undefined) return false;
    return rest.length === 0 ? this.hasMember(first) : this.inside(first).has(rest);
  }

  hasMember(element: PathElement): boolean {
    return this.#find(element)?.isMember === true;
  }

  /** The fields inside an element, from there on. */
  inside(element: PathElement): FieldSet {
    return this.#find(element)?.children ?? FieldSet.empty;
  }

  #find(element: PathElement): FieldNode | undefined {
    let [from, to] = [0, this.nodes.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const order = comparePathElements(this.nodes[middle]!.element, element);
      if (order === 0) return this.nodes[middle];
      if (order < 0) from = middle + 1;
      else to = middle;
    }
    return undefined;
  }

  /** The members: those on each level before the fields inside them. */
  *paths(prefix: Path = []): Generator<Path> {
    for (const { element, isMember } of this.nodes) if (isMember) yield [...prefix, element];
    for (const { element, children } of this.nodes) yield* children.paths([...prefix, element]);
  }

  union(other: FieldSet): FieldSet {
    if (other === this || other.isEmpty) return this;
    if (this.isEmpty) return other;
    return this.#zip(other, (own, theirs) => {
      if (own === undefined || theirs === undefined) return own ?? theirs;
      return withChanges(own, own.isMember || theirs.isMember, own.children.union(theirs.children));
    });
  }

  intersection(other: FieldSet): FieldSet {
    if (other === this) return this;
    if (this.isEmpty || other.isEmpty) return FieldSet.empty;
    return this.#zip(other, (own, theirs) => {
      if (own === undefined || theirs === undefined) return undefined;
      return withChanges(own, own.isMember && theirs.isMember, own.children.intersection(theirs.children));
    });
  }

  /** Without the members of another set. A parent stays when a child is taken, and a child when its parent is. */
  difference(other: FieldSet): FieldSet {
    if (other === this) return FieldSet.empty;
    if (this.isEmpty || other.isEmpty) return this;
    return this.#zip(other, (own, theirs) => {
      if (own === undefined || theirs === undefined) return own;
      return withChanges(own, own.isMember && !theirs.isMember, own.children.difference(theirs.children));
    });
  }

  /** Without the members of another set and all that is inside them. */
  recursiveDifference(other: FieldSet): FieldSet {
    if (this.isEmpty || other.isEmpty) return this;
    return this.#zip(other, (own, theirs) => {
      if (own === undefined || theirs === undefined) return own;
      if (theirs.isMember) return undefined;
      return withChanges(own, own.isMember, own.children.recursiveDifference(theirs.children));
    });
  }

  equals(other: FieldSet): boolean {
    if (other === this) return true;
    if (this.nodes.length !== other.nodes.length) return false;
    return this.nodes.every((own, index) => {
      const theirs = other.nodes[index]!;
      return (
        own === theirs ||
        (own.element === theirs.element &&
          own.isMember === theirs.isMember &&
          own.children.equals(theirs.children))
      );
    });
  }

  /** Goes through the nodes of both sets in their order, and makes a set of what is made of each pair. */
  #zip(
    other: FieldSet,
    make: (own: FieldNode | undefined, theirs: FieldNode | undefined) => FieldNode | undefined,
  ): FieldSet {
    const made: FieldNode[] = [];
    let isSame = true;
    let [at, to] = [0, 0];
    while (at < this.nodes.length || to < other.nodes.length) {
      let [own, theirs] = [this.nodes[at], other.nodes[to]];
      if (own !== undefined && theirs !== undefined) {
        const order = comparePathElements(own.element, theirs.element);
        if (order < 0) theirs = undefined;
        else if (order > 0) own = undefined;
      }
      if (own !== undefined) at += 1;
      if (theirs !== undefined) to += 1;
      const node = make(own, theirs);
      const isKept = node !== undefined && isFull(node);
      if (isKept) made.push(node);
      if (own !== (isKept ? node : undefined)) isSame = false;
    }
    if (isSame) return this;
    return made.length === 0 ? FieldSet.empty : sets.of(made, () => new FieldSet(made));
  }
}

/** Sets by their nodes, in any order. */
const sets = new SetTrie<FieldNode, FieldSet>();

/**
 * The text in one piece. One that was put together stays a tree of its pieces until a character of it is read, and whoever
 * writes the objects that it is part of would walk through that tree for each of them.
 */
function flat(text: string): string {
  text.charCodeAt(0);
  return text;
}

/** An element in quotes. */
function quoted(element: PathElement): string {
  return quotedElements.of(element, () => JSON.stringify(element));
}

const quotedElements = new Memo<PathElement, string>();

/** What a set knows of an element: one node for all that know the same, where it can be. */
export function fieldNode(element: PathElement, isMember: boolean, children: FieldSet): FieldNode {
  return isMember && children.isEmpty ? leafNode(element) : children.nodeOf(element, isMember);
}

/** A member that has nothing inside it. */
export function leafNode(element: PathElement): FieldNode {
  return leaves.of(element, () => ({ element, isMember: true, children: FieldSet.empty }));
}

/** Most sets are made of the same few fields. */
const leaves = new Memo<PathElement, FieldNode>();

function isFull({ isMember, children }: FieldNode): boolean {
  return isMember || !children.isEmpty;
}

function withChanges(node: FieldNode, isMember: boolean, children: FieldSet): FieldNode {
  if (node.isMember === isMember && node.children === children) return node;
  return fieldNode(node.element, isMember, children);
}
