import { isJsonObject, type JsonObject } from "../patch/json-value.ts";

/** A container that has limits and no requests requests its limits; in Pods only, not in templates. */
export function defaultPodRequests(spec: JsonObject): void {
  for (const list of [spec["containers"], spec["initContainers"]]) {
    for (const container of Array.isArray(list) ? list : []) {
      const resources: unknown = isJsonObject(container) ? container["resources"] : undefined;
      if (!isJsonObject(resources) || !isJsonObject(resources["limits"])) continue;
      const requests = isJsonObject(resources["requests"]) ? resources["requests"] : {};
      resources["requests"] = { ...resources["limits"], ...requests };
    }
  }
}
