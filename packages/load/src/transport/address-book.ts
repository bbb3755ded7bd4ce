import type { Dns, Via } from "../plan/plan.ts";

/** What a name stands for, as `dns.lookup` gives it. */
export type Lookup = (host: string, family: 0 | 4 | 6) => Promise<readonly string[]>;

/** Where connections to the hosts of a run go: to the addresses that were found before, or to those found again while it runs. */
export class AddressBook {
  readonly #dns: Dns;
  readonly #lookup: Lookup;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();

  constructor(dns: Dns, lookup: Lookup, now: () => number) {
    this.#dns = dns;
    this.#lookup = lookup;
    this.#now = now;
  }

  /** The address for the next connection; the name itself when the connect is to look it up. */
  next({ host, addresses = [] }: Via & { readonly kind: "tcp" }): string {
    const { againAfterMs, use } = this.#dns;
    if (againAfterMs === 0 || addresses.length === 0) return host;
    const entry = this.#entryOf(host, addresses);
    if (againAfterMs !== undefined) this.#refresh(host, entry, againAfterMs);
    if (use === "first") return entry.addresses[0] ?? host;
    return entry.addresses[entry.turn++ % entry.addresses.length] ?? host;
  }

  #entryOf(host: string, addresses: readonly string[]): Entry {
    let entry = this.#entries.get(host);
    if (entry === undefined) {
      entry = { addresses, turn: 0, askedMs: this.#now() };
      this.#entries.set(host, entry);
    }
    return entry;
  }

  /** Looks a name up again. No connection waits for the answer: those opened meanwhile go to the addresses known before. */
  #refresh(host: string, entry: Entry, againAfterMs: number): void {
    if (this.#now() - entry.askedMs < againAfterMs) return;
    entry.askedMs = this.#now();
    void this.#lookup(host, this.#dns.family).then(
      (addresses) => {
        if (addresses.length > 0) entry.addresses = addresses;
      },
      // When the name server is away, the addresses that it gave before stay in use.
      () => undefined,
    );
  }
}

interface Entry {
  addresses: readonly string[];
  turn: number;
  askedMs: number;
}
