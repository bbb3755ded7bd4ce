import { applyDefaults, type Kind, type KubeObject } from "@seaworthy/kube";

/** A copy of an object as an API server looks at it: pruned, named, with its defaults. */
export function asStored(object: KubeObject, kind: Kind): KubeObject {
  const draft = structuredClone(object);
  const { name = "", generateName = "" } = draft.metadata;
  if (name === "" && generateName !== "") draft.metadata.name = `${generateName}x7k2p`;
  kind.prune?.(draft);
  return applyDefaults(draft, kind);
}
