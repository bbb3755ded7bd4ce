import type { Place } from "@seaworthy/errors";
import type { KubeObject } from "@seaworthy/kube";

/** One object as it was read, with the places of its fields. */
export interface TrialManifest {
  readonly object: KubeObject;
  readonly file: string;
  /** The place of a field's value, or of its nearest ancestor that is written down. */
  placeOf(path: readonly (string | number)[]): Place | undefined;
}
