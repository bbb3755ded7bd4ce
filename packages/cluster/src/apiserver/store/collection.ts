import { SortedObjects } from "./sorted-objects.ts";
import type { StoredObject } from "./stored-object.ts";

/** What happened to one object. `before` is absent for a creation; for a deletion `after` is its last state. */
export interface StoreEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly revision: number;
  readonly before: StoredObject | undefined;
  readonly after: StoredObject;
}

/** How much of its past a collection remembers. */
export interface HistoryLimits {
  /** How many events. */
  readonly events: number;
  /** How many characters the objects have that only the past still holds. */
  readonly characters: number;
}

/** The objects of one type, its latest events, and who follows them. */
export class Collection {
  readonly objects = new SortedObjects();
  readonly listeners = new Set<(event: StoreEvent) => void>();
  /** The revision of the newest event that is not remembered. */
  forgotten: number;
  readonly #limits: HistoryLimits;
  readonly #history: StoreEvent[] = [];
  #characters = 0;

  constructor(limits: HistoryLimits, forgotten: number) {
    this.#limits = limits;
    this.forgotten = forgotten;
  }

  /** Remembers an event and tells it to those who follow. */
  record(event: StoreEvent): void {
    this.#history.push(event);
    this.#characters += weightOf(event);
    if (this.#history.length > this.#limits.events || this.#characters > this.#limits.characters)
      this.#forget();
    for (const listener of this.listeners) listener(event);
    event.before?.pack();
    if (event.type === "DELETED") event.after.pack();
  }

  eventsAfter(revision: number): StoreEvent[] {
    let first = this.#history.length;
    while (first > 0 && this.#history[first - 1]!.revision > revision) first -= 1;
    return this.#history.slice(first);
  }

  /** The objects as they were at a revision that is remembered: what happened since is taken back. */
  listAt(revision: number, namespace: string | undefined): StoredObject[] {
    const then = new Map<string, StoredObject | undefined>();
    for (const { before, after } of this.eventsAfter(revision).toReversed()) then.set(after.key, before);
    const present = this.objects.list(namespace);
    if (then.size === 0) return present;
    const prefix = namespace === undefined ? "" : `${namespace}/`;
    const others = [...then.values()].filter((stored) => stored?.key.startsWith(prefix) === true);
    return [...present.filter(({ key }) => !then.has(key)), ...(others as StoredObject[])].sort((a, b) =>
      a.key < b.key ? -1 : 1,
    );
  }

  /** Half of the history goes at once, so that forgetting costs little per event. */
  #forget(): void {
    const { events, characters } = this.#limits;
    let count = 0;
    while (
      count < this.#history.length &&
      (this.#history.length - count > events / 2 || this.#characters > characters / 2)
    ) {
      this.#characters -= weightOf(this.#history[count]!);
      count += 1;
    }
    this.forgotten = this.#history.splice(0, count).at(-1)?.revision ?? this.forgotten;
  }
}

/** What would be free if the event were forgotten. */
function weightOf({ type, before, after }: StoreEvent): number {
  return (before?.shortJson.length ?? 0) + (type === "DELETED" ? after.shortJson.length : 0);
}
