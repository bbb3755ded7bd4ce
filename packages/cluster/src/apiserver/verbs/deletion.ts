import type { StoredObject } from "../store/stored-object.ts";

/** The body of a DELETE. */
export interface DeletionOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  readonly orphanDependents?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** What a DELETE did: the object's last or present state, and whether it is gone. */
export interface Deletion {
  readonly object: StoredObject;
  readonly gone: boolean;
}
