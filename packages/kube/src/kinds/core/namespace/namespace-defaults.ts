import { isEmpty, objectIn } from "../../../defaults/fill-in.ts";
import type { JsonObject } from "../../../patch/json-value.ts";

/** A namespace is labelled with its name, so that selectors can find it. */
export function defaultNamespace(namespace: JsonObject): void {
  const metadata = objectIn(namespace, "metadata");
  if (!isEmpty(metadata["name"]))
    objectIn(metadata, "labels")["kubernetes.io/metadata.name"] = metadata["name"];
}
