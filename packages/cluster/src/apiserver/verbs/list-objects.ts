import type { ApiContext } from "../api-context.ts";
import { badRequest, expired, tooLargeRevision } from "../http/status-error.ts";
import { keyOf, type Resource } from "../resource.ts";
import { firstFrom } from "../store/sorted-objects.ts";
import type { StoredObject } from "../store/stored-object.ts";
import { decodeContinue, encodeContinue, type ContinueToken } from "./continue-token.ts";
import type { ReadOptions } from "./read-options.ts";
import { parseRevision } from "./read-revision.ts";
import type { Selection } from "./selection.ts";

/**
 * Answers a GET of a collection, as `write` writes it. Which state is listed follows from resourceVersion, its match, limit and continue:
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#the-resourceversion-parameter
 */
export function listObjects<T>(
  context: ApiContext,
  resource: Resource,
  namespace: string | undefined,
  options: ReadOptions,
  selection: Selection,
  write: (items: readonly StoredObject[], metadata: Readonly<Record<string, unknown>>) => T,
): T {
  const { store, expiry, clock } = context;
  const token = options.continueToken === "" ? undefined : readToken(options);
  const revision = token === undefined ? askedRevision(options, store.revision) : token.revision;
  const isPresent = revision < 0 || revision === store.revision;
  const isForgotten = !isPresent && revision < expiry.oldest(clock.now());
  const all = isPresent
    ? store.list(resource.collection, namespace)
    : isForgotten
      ? undefined
      : store.listAt(resource.collection, namespace, revision);
  if (all === undefined) throw tooOld(token);
  const prefix = namespace === undefined ? "" : `${namespace}/`;
  const rest = token === undefined ? all : all.slice(firstFrom(all, prefix + token.start));
  // As the watch cache of Kubernetes does, a list of any state comes whole.
  const limit = options.resourceVersion === "0" && token === undefined ? 0 : options.limit;
  const { items, left } = take(narrow(rest, selection, resource, namespace), selection, limit);
  const resourceVersion = String(isPresent ? store.revision : revision);
  if (left === 0) return write(items, { resourceVersion });
  const start = startAfter(items.at(-1)!, prefix);
  return write(items, {
    resourceVersion,
    continue: encodeContinue({ revision: Number(resourceVersion), start }),
    ...(selection.filters ? {} : { remainingItemCount: left }),
  });
}

/** Where only one object can be selected, nothing but that one is looked at. */
function narrow(
  sorted: readonly StoredObject[],
  { name }: Selection,
  { type }: Resource,
  namespace: string | undefined,
): readonly StoredObject[] {
  if (name === undefined || type.namespaced !== (namespace !== undefined)) return sorted;
  const key = keyOf(namespace, name);
  const at = firstFrom(sorted, key);
  return sorted.slice(at, sorted[at]?.key === key ? at + 1 : at);
}

/** The first selected objects, and how many objects come after them, selected or not: Kubernetes does not look ahead either. */
function take(
  objects: readonly StoredObject[],
  selection: Selection,
  limit: number,
): { readonly items: readonly StoredObject[]; readonly left: number } {
  if (!selection.filters && limit === 0) return { items: objects, left: 0 };
  const items: StoredObject[] = [];
  let seen = 0;
  for (const stored of objects) {
    if (limit > 0 && items.length === limit) break;
    seen += 1;
    if (selection.matches(stored)) items.push(stored);
  }
  return { items, left: objects.length - seen };
}

function readToken({ continueToken, resourceVersion }: ReadOptions): ContinueToken {
  const token = decodeContinue(continueToken);
  if (resourceVersion !== "" && resourceVersion !== "0")
    throw badRequest("specifying resource version is not allowed when using continue");
  return token;
}

/** The revision whose state is listed; -1 for the present one, which is never older than any other. */
function askedRevision(
  { resourceVersion, resourceVersionMatch, limit }: ReadOptions,
  current: number,
): number {
  const revision = parseRevision(resourceVersion);
  if (typeof revision === "string") throw badRequest(`invalid resource version: ${revision}`);
  if (revision > current) throw tooLargeRevision(revision, current);
  const isExact = resourceVersionMatch === "Exact" || (resourceVersionMatch === "" && limit > 0);
  return isExact && revision !== 0 ? revision : -1;
}

/** The key right after that of an object. */
function startAfter({ key }: StoredObject, prefix: string): string {
  return `${key.slice(prefix.length)}\0`;
}

/** The client of a list in pages may start again, or go on from the same place in the present state. */
function tooOld(token: ContinueToken | undefined): Error {
  if (token === undefined) return expired("The resourceVersion for the provided list is too old.");
  return expired(
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
    encodeContinue({ revision: -1, start: token.start }),
  );
}
