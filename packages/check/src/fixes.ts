import type { FieldPath, Manifest } from "@seaworthy/kube";
import type { Fix } from "./rule.ts";

/** An object, and the part of it below which a field is set or removed. */
export interface Holder {
  readonly manifest: Manifest;
  readonly path: FieldPath;
}

/** Sets a field below `holder`, which may change what the application can do: this is offered, and not done unasked. */
export function offerToSet({ manifest, path: base }: Holder, path: FieldPath, value: unknown): Fix {
  return { isSafe: false, edits: [{ manifest, path: [...base, ...path], op: "set", value }] };
}

/** Sets a field below `holder` where nobody can be surprised by it. */
export function safeToSet(holder: Holder, path: FieldPath, value: unknown): Fix {
  return { ...offerToSet(holder, path, value), isSafe: true };
}

/** Removes a field below `holder`, which may change what the application can do: this is offered, and not done unasked. */
export function offerToRemove({ manifest, path: base }: Holder, path: FieldPath): Fix {
  return { isSafe: false, edits: [{ manifest, path: [...base, ...path], op: "remove" }] };
}
