import { findBuiltInKind, loadRules, type Manifest } from "@seaworthy/kube";
import { loadCustomTypes } from "../schemas/custom-types.ts";

/** Reads what rules must know of the kinds of some objects, and what is read only when it is needed. Before any rule runs. */
export async function loadKinds(manifests: readonly Manifest[]): Promise<void> {
  const kinds = new Set(manifests.map(({ object }) => findBuiltInKind(object.apiVersion, object.kind)));
  await Promise.all([...kinds].flatMap((kind) => (kind === undefined ? [] : (loadRules(kind) ?? []))));
  await loadCustomTypes(manifests);
}
