import type { KubeObject } from "@seaworthy/kube";

/** What changed in an informer's cache. `old` is absent for an addition, `object` is the last state for a deletion. */
export type Change<T extends KubeObject> =
  | { readonly type: "added"; readonly object: T }
  | { readonly type: "updated"; readonly object: T; readonly old: T }
  | { readonly type: "deleted"; readonly object: T };

/**
 * A local, always fresh copy of a collection: list, then watch, relist on 410 and after a broken stream.
 * Objects in the cache are shared and must not be changed by readers.
 */
export interface Informer<T extends KubeObject> extends AsyncDisposable {
  /** Resolves once the first list is in the cache. */
  readonly synced: Promise<void>;
  get(namespace: string | undefined, name: string): T | undefined;
  list(namespace?: string): T[];
  /** Calls back for every change after the first list as well as for each object of the first list. Returns a function that unsubscribes. */
  onChange(listener: (change: Change<T>) => void): () => void;
}
