import type { ApiContext } from "../api-context.ts";
import { readRevision } from "./list-objects.ts";
import type { Representation } from "../http/representation.ts";
import type { Resource } from "../resource.ts";
import type { Selection } from "./selection.ts";
import { expired, invalid, tooLargeRevision } from "../http/status-error.ts";
import type { StoreEvent } from "../store/store.ts";
import { StoredObject } from "../store/stored-object.ts";
import { TextStream } from "../http/text-stream.ts";

const bookmarkEveryMs = 60_000;

/**
 * Answers a watch: newline-separated `{type, object}`, in the order of the writes.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export function watchObjects(
  context: ApiContext,
  resource: Resource,
  query: URLSearchParams,
  selection: Selection,
  representation: Representation,
  signal: AbortSignal | undefined,
): AsyncIterable<string> {
  const { store } = context;
  const asked = query.get("resourceVersion") ?? "";
  const initial = wantsInitialEvents(resource, query, asked);
  const fromNow = asked === "" || asked === "0";
  const revision = fromNow ? 0 : readRevision(asked);
  const synthetic = initial || (fromNow && !query.has("sendInitialEvents"));
  if (revision > store.revision && initial) throw tooLargeRevision(revision, store.revision);

  const stream = new TextStream(signal);
  const send = (type: string, object: string) => stream.push(`{"type":"${type}","object":${object}}\n`);
  const deliver = (event: StoreEvent) => {
    const seen = asSeen(event, selection);
    if (seen !== undefined) send(seen.type, representation.event(seen.stored));
  };
  // Watching starts before the present state is read; both happen at once, so nothing falls in between.
  const watch = store.watch(resource.collection, initial || fromNow ? store.revision : revision, deliver);
  if (watch === undefined) {
    const error = expired(
      `too old resource version: ${revision} (${store.forgottenRevision(resource.collection)})`,
    );
    send("ERROR", JSON.stringify(error.toStatus()));
    stream.end();
    return stream;
  }
  stream.onEnd(watch.stop);
  if (synthetic) {
    for (const stored of store.list(resource.collection)) {
      if (selection.matches(stored)) send("ADDED", representation.event(stored));
    }
  }
  for (const event of watch.missed) deliver(event);
  const bookmarks = query.get("allowWatchBookmarks") === "true";
  if (bookmarks && query.get("sendInitialEvents") === "true") {
    const annotations = { "k8s.io/initial-events-end": "true" };
    send("BOOKMARK", representation.bookmark({ resourceVersion: String(store.revision), annotations }));
  }
  keepTime(context, query, stream, () => {
    if (bookmarks) send("BOOKMARK", representation.bookmark({ resourceVersion: String(store.revision) }));
  });
  return stream;
}

/** WatchList (KEP-3157): the present state as ADDED events, ended by a bookmark. */
function wantsInitialEvents(resource: Resource, query: URLSearchParams, asked: string): boolean {
  const wanted = query.get("sendInitialEvents");
  const match = query.get("resourceVersionMatch") ?? "";
  const refuse = (field: string, message: string) =>
    invalid({ ...resource.type, group: "meta.k8s.io", kind: "ListOptions" }, "", [
      { reason: "FieldValueForbidden", field, message },
    ]);
  if (wanted === null) {
    if (match === "") return false;
    throw refuse(
      "resourceVersionMatch",
      "Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
    );
  }
  if (match !== "NotOlderThan") {
    throw refuse(
      "resourceVersionMatch",
      "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
    );
  }
  return wanted === "true" || (wanted !== "false" && asked === "");
}

/** An object that enters a selection is ADDED, and one that leaves it is DELETED, in its state before. */
function asSeen(
  event: StoreEvent,
  selection: Selection,
): { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly stored: StoredObject } | undefined {
  const before = event.before !== undefined && selection.matches(event.before);
  if (event.type === "DELETED") return before ? { type: "DELETED", stored: event.after } : undefined;
  const after = selection.matches(event.after);
  if (after) return { type: before ? "MODIFIED" : "ADDED", stored: event.after };
  if (!before || event.before === undefined) return undefined;
  const { object, key } = event.before;
  const metadata = { ...object.metadata, resourceVersion: String(event.revision) };
  return { type: "DELETED", stored: new StoredObject(key, event.revision, { ...object, metadata }) };
}

/** Bookmarks each minute, and the end: after `timeoutSeconds`, or between half an hour and an hour. */
function keepTime(
  { clock, random }: ApiContext,
  query: URLSearchParams,
  stream: TextStream,
  bookmark: () => void,
): void {
  const timeoutSeconds = Number(query.get("timeoutSeconds") ?? 0);
  const timeoutMs = timeoutSeconds > 0 ? timeoutSeconds * 1000 : 1_800_000 * (1 + random());
  let cancelBookmark = () => {};
  const scheduleBookmark = () => {
    cancelBookmark = clock.after(bookmarkEveryMs, () => {
      bookmark();
      scheduleBookmark();
    });
  };
  scheduleBookmark();
  const cancelTimeout = clock.after(timeoutMs, () => {
    bookmark();
    stream.end();
  });
  stream.onEnd(() => {
    cancelBookmark();
    cancelTimeout();
  });
}
