/** Something that happened, at a revision. */
export interface Fact {
  readonly revision: number;
  readonly text: string;
}

/** Revisions that a power failure has undone: after `from` and before `to`. */
export interface Loss {
  readonly from: number;
  readonly to: number;
}

/** What happened to a collection, as its store told it, to hold watchers against. */
export class Truth {
  readonly #facts: Fact[] = [];
  readonly #losses: Loss[] = [];

  add(fact: Fact): void {
    this.#facts.push(fact);
  }

  /** What happened in between did not last. Who saw it, saw the truth, but cannot go on from there. */
  lose(loss: Loss): void {
    this.#losses.push(loss);
  }

  /** The last that lasted. */
  newest(): Fact | undefined {
    return this.#facts.findLast(({ revision }) => this.#lossOf(revision) === undefined);
  }

  /**
   * What a watcher may be told next that knows all up to `revision`: what happened next, or the next that lasted when
   * that did not. Who knows something that is undone has to list again.
   */
  after(revision: number): Fact[] {
    const next = this.#facts.slice(this.#firstAfter(revision));
    const [first] = next;
    if (first === undefined) return [];
    if (this.#lossOf(revision) !== undefined)
      return this.#lossOf(first.revision) === undefined ? [] : [first];
    const lasting = next.find((fact) => this.#lossOf(fact.revision) === undefined);
    return lasting === undefined || lasting === first ? [first] : [first, lasting];
  }

  /** What a watcher misses that is told that nothing more happened up to `to`. */
  missed(from: number, to: number): Fact | undefined {
    return this.#facts.slice(this.#firstAfter(from)).find((fact) => {
      const loss = this.#lossOf(fact.revision);
      return fact.revision <= to && (loss === undefined || to < loss.to);
    });
  }

  #firstAfter(revision: number): number {
    return this.#facts.findLastIndex((fact) => fact.revision <= revision) + 1;
  }

  #lossOf(revision: number): Loss | undefined {
    return this.#losses.find(({ from, to }) => revision > from && revision < to);
  }
}
