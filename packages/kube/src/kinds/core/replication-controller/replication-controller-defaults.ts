import { objectIn, whenAbsent } from "../../../defaults/fill-in.ts";
import { isJsonObject, type JsonObject } from "../../../patch/json-value.ts";

/** SetDefaults_ReplicationController: the labels of its template are its own and its selector where it has none. */
export function defaultReplicationController(controller: JsonObject): void {
  const spec = objectIn(controller, "spec");
  const template = isJsonObject(spec["template"]) ? spec["template"] : {};
  const metadata = isJsonObject(template["metadata"]) ? template["metadata"] : {};
  const labels = metadata["labels"];
  if (labels !== undefined) {
    whenEmptyMap(spec, "selector", labels);
    whenEmptyMap(objectIn(controller, "metadata"), "labels", labels);
  }
  whenAbsent(spec, "replicas", 1);
}

function whenEmptyMap(object: JsonObject, key: string, value: unknown): void {
  const present = object[key];
  if (!isJsonObject(present) || Object.keys(present).length === 0) object[key] = structuredClone(value);
}
