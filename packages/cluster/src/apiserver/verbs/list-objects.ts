import type { ApiContext } from "../api-context.ts";
import type { Representation } from "../http/representation.ts";
import type { Resource } from "../resource.ts";
import type { Selection } from "./selection.ts";
import { badRequest, expired, invalid, tooLargeRevision } from "../http/status-error.ts";
import type { StoredObject } from "../store/stored-object.ts";

/** Lists that were begun with `limit` and are not at their end: the remainder, as it was when the list began. */
export class ListPages {
  readonly #rests = new Map<string, { readonly revision: number; readonly items: readonly StoredObject[] }>();
  #lastToken = 0;

  /** Keeps the remainder of a list and names it. The oldest goes when there are too many. */
  keep(revision: number, items: readonly StoredObject[]): string {
    if (this.#rests.size >= mostPages) {
      const [oldest = ""] = this.#rests.keys();
      this.#rests.delete(oldest);
    }
    this.#lastToken += 1;
    const start = items[0]?.key ?? "";
    const token = { v: "meta.k8s.io/v1", rv: revision, start, page: this.#lastToken };
    const text = Buffer.from(JSON.stringify(token)).toString("base64url");
    this.#rests.set(text, { revision, items });
    return text;
  }

  find(token: string): { readonly revision: number; readonly items: readonly StoredObject[] } | undefined {
    return this.#rests.get(token);
  }
}

const mostPages = 200;

/** Answers a GET of a collection. */
export function listObjects(
  { store }: ApiContext,
  pages: ListPages,
  resource: Resource,
  namespace: string | undefined,
  query: URLSearchParams,
  selection: Selection,
  representation: Representation,
): string {
  const token = query.get("continue") ?? "";
  checkRevision(resource, query, token, store.revision);
  const begun = token === "" ? undefined : pages.find(token);
  const all = store.list(resource.collection, namespace).filter((stored) => selection.matches(stored));
  if (token !== "" && begun === undefined) throw expiredToken(token, pages, store.revision, all);
  const { revision, items } = begun ?? { revision: store.revision, items: all };
  const limit = Number(query.get("limit") ?? 0);
  if (!Number.isInteger(limit) || limit < 0)
    throw badRequest(`strconv.ParseInt: parsing "${query.get("limit")}": invalid syntax`);
  if (limit === 0 || items.length <= limit)
    return representation.list(items, { resourceVersion: String(revision) });
  const rest = items.slice(limit);
  const metadata = {
    resourceVersion: String(revision),
    continue: pages.keep(revision, rest),
    ...(selection.filters ? {} : { remainingItemCount: rest.length }),
  };
  return representation.list(items.slice(0, limit), metadata);
}

function checkRevision(resource: Resource, query: URLSearchParams, token: string, current: number): void {
  const asked = query.get("resourceVersion") ?? "";
  const match = query.get("resourceVersionMatch") ?? "";
  if (match !== "" && asked === "") {
    const message = "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided";
    throw invalid({ ...resource.type, group: "meta.k8s.io", kind: "ListOptions" }, "", [
      { reason: "FieldValueForbidden", field: "resourceVersionMatch", message },
    ]);
  }
  if (asked === "") return;
  const revision = readRevision(asked);
  if (token !== "" && revision !== 0)
    throw badRequest("specifying resource version is not allowed when using continue");
  if (revision > current) throw tooLargeRevision(revision, current);
  if (match === "Exact" && revision !== current) {
    throw expired(`The resourceVersion for the provided list is too old.`);
  }
}

/** Reads a resourceVersion as a number, or refuses it. */
export function readRevision(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw badRequest(
    `Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
  );
}

/** The client may start again, or go on from the same place in the present state. */
function expiredToken(
  token: string,
  pages: ListPages,
  revision: number,
  all: readonly StoredObject[],
): Error {
  const start = startOf(token);
  if (start === undefined) return badRequest("continue key is not valid: encoded start key invalid");
  const fresh = pages.keep(
    revision,
    all.filter(({ key }) => key >= start),
  );
  return expired(
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
    fresh,
  );
}

function startOf(token: string): string | undefined {
  try {
    const { start } = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as { start?: unknown };
    return typeof start === "string" ? start : undefined;
  } catch {
    return undefined;
  }
}
