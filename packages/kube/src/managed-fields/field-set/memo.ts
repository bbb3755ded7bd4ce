/** Remembers what was made of keys. When there are too many of them it begins anew. */
export class Memo<K, V> {
  readonly #known = new Map<K, V>();
  readonly #limit: number;

  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  /** What was made of a key, made now if it was not. */
  of(key: K, make: () => V): V {
    let value = this.#known.get(key);
    if (value === undefined) {
      if (this.#known.size >= this.#limit) this.#known.clear();
      this.#known.set(key, (value = make()));
    }
    return value;
  }
}
