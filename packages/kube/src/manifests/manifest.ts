import type { Place } from "@seaworthy/errors";
import type { KubeObject } from "../object.ts";
import type { FieldPath } from "../validation/field-path.ts";

/** An object with the place where it is written. */
export interface Manifest {
  readonly object: KubeObject;
  readonly file: string;
  /** The line where the object begins; lines count from 1. */
  readonly line: number;
  /** Which document of its text it is in, and where in that: an item of a List has a path. */
  readonly origin: { readonly document: number; readonly path: FieldPath };
  /**
   * Where a field's value is written. A value that is a block is shown by its key. When the field is absent,
   * where the nearest ancestor is.
   */
  locate(path: FieldPath): Place;
  /** Where a field's key is written, or where its nearest ancestor's key is. */
  locateKey(path: FieldPath): Place;
}
