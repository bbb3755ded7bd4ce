import type { ApiRequest } from "@seaworthy/client";
import { nameAndAge, type KubeObject } from "@seaworthy/kube";
import { shownIn, startOf, type Resource } from "../resource.ts";
import type { StoredObject } from "../store/stored-object.ts";
import { firstPossible, readAccept } from "./accept.ts";
import { printTable } from "./print-table.ts";
import { noRepresentation, notAcceptable } from "./status-error.ts";

/** How objects are written for one client: whole, as rows of a table, or their metadata only. */
export interface Representation {
  object(stored: StoredObject): string;
  list(items: readonly StoredObject[], metadata: Readonly<Record<string, unknown>>): string;
  /** A list one piece after the other. Absent where all of it has to be there at once, to be encoded. */
  listInPieces?(
    items: readonly StoredObject[],
    metadata: Readonly<Record<string, unknown>>,
  ): AsyncIterable<string>;
  /** For a watch: the first event of a table carries the columns, the later ones do not. */
  event(stored: StoredObject): string;
  /** The same as an object that nobody may change, without managedFields. Absent where clients of this process do not share it. */
  sharedEvent?(stored: StoredObject): KubeObject;
  /** A bookmark's object. */
  bookmark(metadata: Readonly<Record<string, unknown>>): string;
}

/** Chooses by the Accept header, or refuses a client that accepts nothing that is served. */
export function chooseRepresentation(
  resource: Resource,
  { headers, query, forCache }: Pick<ApiRequest, "headers" | "query" | "forCache">,
  now: () => number,
  isWatch = false,
): Representation {
  const accepted = readAccept(headers["accept"]);
  if (accepted.length === 0) throw noRepresentation();
  const chosen = firstPossible(accepted, { isCustom: resource.type.isCustom === true, isWatch });
  if (chosen === undefined) throw notAcceptable(isWatch);
  if (chosen.as === "Table") return table(resource, query.get("includeObject"), now);
  if (chosen.as === "PartialObjectMetadata") return metadataOnly();
  const { listInPieces, ...inOne } = whole(resource, forCache);
  return chosen.format === "json" && accepted[0] === chosen ? { ...inOne, listInPieces } : inOne;
}

function whole(
  resource: Resource,
  omitsManagedFields: boolean | undefined,
): Representation & Required<Pick<Representation, "listInPieces">> {
  const { listKind, apiVersion, isCustom = false } = resource.type;
  const head = `{"kind":"${listKind}","apiVersion":"${apiVersion}","metadata":`;
  const object = (stored: StoredObject) => shownIn(resource, stored).jsonIn(apiVersion, omitsManagedFields);
  // Lists of custom objects are written by other code in Kubernetes, which writes every field.
  const headOfList = (metadata: Readonly<Record<string, unknown>>) =>
    `${head}${JSON.stringify(isCustom ? { continue: "", ...metadata } : metadata)},"items":[`;
  const item = (stored: StoredObject) =>
    isCustom ? [object(stored)] : shownIn(resource, stored).itemParts(omitsManagedFields);
  return {
    object,
    list(items, metadata) {
      const parts = items.flatMap((stored, index) => (index === 0 ? item(stored) : [",", ...item(stored)]));
      return `${headOfList(metadata)}${parts.join("")}]}`;
    },
    async *listInPieces(items, metadata) {
      let piece = headOfList(metadata);
      for (const [index, stored] of items.entries()) {
        piece += (index === 0 ? "" : ",") + item(stored).join("");
        if (piece.length < pieceLength) continue;
        yield piece;
        piece = "";
      }
      yield `${piece}]}`;
    },
    event: object,
    ...(omitsManagedFields === true
      ? { sharedEvent: (stored) => shownIn(resource, stored).shortObjectIn(apiVersion) }
      : {}),
    bookmark: (metadata) =>
      JSON.stringify({
        kind: resource.type.kind,
        apiVersion: resource.type.apiVersion,
        metadata: { ...metadata, creationTimestamp: null },
      }),
  };
}

/** Short enough to be garbage that is cheap to collect. */
const pieceLength = 64 * 1024;

function table(resource: Resource, includeObject: string | null, now: () => number): Representation {
  const columns = resource.type.columns ?? nameAndAge;
  const rowObject = (stored: StoredObject): KubeObject | undefined => {
    if (includeObject === "None") return undefined;
    return includeObject === "Object" ? shownIn(resource, stored).object : partial(stored.object);
  };
  const print = (
    items: readonly StoredObject[],
    metadata: Readonly<Record<string, unknown>>,
    withColumns: boolean,
  ) => {
    const rows = items.map((stored) => ({ stored: startOf(resource, stored), shown: rowObject(stored) }));
    return JSON.stringify(printTable(columns, rows, metadata, withColumns, now()));
  };
  let columnsSent = false;
  return {
    object: (stored) => print([stored], { resourceVersion: stored.object.metadata.resourceVersion }, true),
    list: (items, metadata) => print(items, metadata, true),
    event(stored) {
      const text = print([stored], { resourceVersion: stored.object.metadata.resourceVersion }, !columnsSent);
      columnsSent = true;
      return text;
    },
    bookmark(metadata) {
      const shown = {
        kind: resource.type.kind,
        apiVersion: resource.type.apiVersion,
        metadata: { ...metadata, creationTimestamp: null },
      };
      const head = {
        kind: "Table",
        apiVersion: "meta.k8s.io/v1",
        metadata: { resourceVersion: metadata["resourceVersion"] },
      };
      return JSON.stringify({
        ...head,
        columnDefinitions: columnsSent ? null : columns.columns,
        rows: [{ cells: [], object: shown }],
      });
    },
  };
}

function metadataOnly(): Representation {
  const object = (stored: StoredObject) => JSON.stringify(partial(stored.object));
  return {
    object,
    event: object,
    list: (items, metadata) =>
      `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":${JSON.stringify(metadata)},"items":[${items.map(object).join(",")}]}`,
    bookmark: (metadata) =>
      JSON.stringify({
        kind: "PartialObjectMetadata",
        apiVersion: "meta.k8s.io/v1",
        metadata: { ...metadata, creationTimestamp: null },
      }),
  };
}

function partial({ metadata }: KubeObject): KubeObject {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata };
}
