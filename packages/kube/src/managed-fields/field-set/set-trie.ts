/**
 * Remembers what was made of lists of things, each known by its identity. A list is found one item after the other, without a
 * text or a hash of all of it. When there is too much to remember it begins anew.
 */
export class SetTrie<Item, Made> {
  #root: Branch<Item, Made> = new Branch();
  #branches = 0;
  readonly #limit: number;

  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  /** What was made of a list, made now if it was not. */
  of(items: readonly Item[], make: () => Made): Made {
    let branch = this.#root;
    for (const item of items) {
      let next = branch.next.get(item);
      if (next === undefined) {
        branch.next.set(item, (next = new Branch()));
        this.#branches += 1;
      }
      branch = next;
    }
    const made = (branch.made ??= make());
    if (this.#branches > this.#limit) [this.#root, this.#branches] = [new Branch(), 0];
    return made;
  }
}

class Branch<Item, Made> {
  readonly next = new Map<Item, Branch<Item, Made>>();
  made: Made | undefined;
}
