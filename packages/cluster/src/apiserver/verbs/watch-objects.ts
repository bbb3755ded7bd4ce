import type { ApiResponse, WatchEvent } from "@seaworthy/client";
import type { KubeObject } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { prepareToShow } from "../conversion/prepare-to-show.ts";
import type { Representation } from "../http/representation.ts";
import { streamResponse } from "../http/responses.ts";
import { expired, StatusError, tooLargeRevision } from "../http/status-error.ts";
import type { Resource } from "../resource.ts";
import type { StoreEvent } from "../store/collection.ts";
import { StoredObject } from "../store/stored-object.ts";
import type { ReadOptions } from "./read-options.ts";
import { readRevision } from "./read-revision.ts";
import type { Selection } from "./selection.ts";
import { WatchStream, type WatchItem } from "./watch-stream.ts";

const bookmarkEveryMs = 60_000;

/**
 * Answers a watch: newline-separated `{type, object}`, in the order of the writes.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export function watchObjects(
  context: ApiContext,
  resource: Resource,
  namespace: string | undefined,
  options: ReadOptions,
  selection: Selection,
  representation: Representation,
  signal: AbortSignal | undefined,
): ApiResponse {
  const { store } = context;
  const { collection } = resource;
  const write = (item: WatchItem) =>
    `{"type":"${item.type}","object":${writeObject(representation, item)}}\n`;
  const { sharedEvent } = representation;
  const open = (beginning: readonly WatchItem[]) =>
    new WatchStream({ signal, write, beginning, asItems: sharedEvent !== undefined });
  const answer = (stream: WatchStream): ApiResponse => ({
    ...streamResponse("application/json", stream),
    ...(sharedEvent === undefined ? {} : { events: sharedEvents(stream, representation, sharedEvent) }),
  });
  const refuse = (error: { toStatus(): unknown }) => {
    const refusal = open([{ type: "ERROR", status: error.toStatus() }]);
    refusal.end();
    return answer(refusal);
  };
  const asked = readRevision(options.resourceVersion);
  const { sendInitialEvents, allowWatchBookmarks } = options;
  if (sendInitialEvents === true && asked > store.revision)
    return refuse(tooLargeRevision(asked, store.revision));
  // WatchList (KEP-3157) begins with the present state whatever the revision, and so does a watch that names none.
  const isFromNow = asked === 0 || sendInitialEvents === true;
  const revision = isFromNow ? store.revision : asked;
  const beginning: WatchItem[] =
    (sendInitialEvents ?? isFromNow)
      ? store
          .list(collection, namespace)
          .filter((stored) => selection.matches(stored))
          .map((stored) => ({ type: "ADDED", stored }))
      : [];
  if (sendInitialEvents === true && allowWatchBookmarks) {
    const annotations = { "k8s.io/initial-events-end": "true" };
    beginning.push({ type: "BOOKMARK", metadata: { resourceVersion: String(revision), annotations } });
  }
  const stream = open(beginning);
  const inTurn = takesTurns(context, resource, stream);
  const deliver = (event: StoreEvent) => {
    if (event.revision > revision) inTurn([event.before, event.after], () => asSeen(event, selection));
  };
  const watch = store.watch(collection, revision, deliver);
  if (watch === undefined)
    return refuse(expired(`too old resource version: ${revision} (${store.forgottenRevision(collection)})`));
  stream.onEnd(watch.stop);
  for (const event of watch.missed) deliver(event);
  keepTime(context, options.timeoutSeconds, stream, () => {
    if (!allowWatchBookmarks) return;
    // A client that asked for a state to come has not seen the present one.
    const resourceVersion = String(Math.max(store.revision, revision));
    inTurn([], () => ({ type: "BOOKMARK", metadata: { resourceVersion } }));
  });
  return answer(stream);
}

/** Tells a watcher what `makeItem` gives when the objects can be shown. */
type InTurn = (objects: readonly (StoredObject | undefined)[], makeItem: () => WatchItem | undefined) => void;

/** What has to be converted by a webhook waits for it, and so does all that comes after it. */
function takesTurns(context: ApiContext, resource: Resource, stream: WatchStream): InTurn {
  if (resource.type.conversionWebhook === undefined)
    return (_objects, makeItem) => {
      const item = makeItem();
      if (item !== undefined) stream.push(item);
    };
  let last: Promise<void> = Promise.resolve();
  const tell = async (...[objects, makeItem]: Parameters<InTurn>) => {
    await prepareToShow(context, resource, objects);
    const item = makeItem();
    if (item === undefined) return;
    if ("stored" in item) await prepareToShow(context, resource, [item.stored]);
    stream.push(item);
  };
  return (objects, makeItem) => {
    last = last
      .then(() => tell(objects, makeItem))
      .catch((error: unknown) => {
        if (error instanceof StatusError) stream.push({ type: "ERROR", status: error.toStatus() });
        stream.end();
      });
  };
}

/** The events as objects, for clients in this process. */
async function* sharedEvents(
  stream: WatchStream,
  representation: Representation,
  shared: (stored: StoredObject) => KubeObject,
): AsyncGenerator<WatchEvent<KubeObject>> {
  for await (const item of stream.items())
    yield {
      type: item.type,
      object:
        "stored" in item
          ? shared(item.stored)
          : (JSON.parse(writeObject(representation, item)) as KubeObject),
    };
}

function writeObject(representation: Representation, item: WatchItem): string {
  if (item.type === "BOOKMARK") return representation.bookmark(item.metadata);
  if (item.type === "ERROR") return JSON.stringify(item.status);
  return representation.event(item.stored);
}

/** An object that enters a selection is ADDED, and one that leaves it is DELETED, in its state before. */
function asSeen(event: StoreEvent, selection: Selection): WatchItem | undefined {
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
  timeoutSeconds: number,
  stream: WatchStream,
  bookmark: () => void,
): void {
  const timeoutMs = timeoutSeconds > 0 ? timeoutSeconds * 1000 : 1_800_000 * (1 + random());
  let cancelBookmark = () => {};
  const scheduleBookmark = () => {
    cancelBookmark = clock.after(bookmarkEveryMs, () => {
      bookmark();
      scheduleBookmark();
    });
  };
  scheduleBookmark();
  // A timer cannot wait longer than 2^31 ms.
  const cancelTimeout = clock.after(Math.min(timeoutMs, 2 ** 31 - 1), () => {
    bookmark();
    stream.end();
  });
  stream.onEnd(() => {
    cancelBookmark();
    cancelTimeout();
  });
}
