import { objectIn, whenAbsent, whenEmpty } from "../../../defaults/fill-in.ts";
import { isJsonObject, type JsonObject } from "../../../patch/json-value.ts";

/** SetDefaults_Pod: what a Pod has and a pod template does not. */
export function defaultPod(pod: JsonObject): void {
  const spec = objectIn(pod, "spec");
  defaultRequests(spec);
  whenAbsent(spec, "enableServiceLinks", true);
  if (spec["hostNetwork"] === true) defaultHostPorts(spec);
}

/** A container that has limits and no requests requests its limits. */
function defaultRequests(spec: JsonObject): void {
  for (const container of containersOf(spec)) {
    const { resources } = container;
    if (!isJsonObject(resources) || !isJsonObject(resources["limits"])) continue;
    const requests = isJsonObject(resources["requests"]) ? resources["requests"] : undefined;
    if (requests !== undefined && Object.keys(resources["limits"]).every((name) => name in requests))
      continue;
    resources["requests"] = { ...resources["limits"], ...requests };
  }
}

function defaultHostPorts(spec: JsonObject): void {
  for (const { ports } of containersOf(spec))
    for (const port of Array.isArray(ports) ? ports : [])
      if (isJsonObject(port)) whenEmpty(port, "hostPort", port["containerPort"]);
}

function containersOf(spec: JsonObject): JsonObject[] {
  return [spec["containers"], spec["initContainers"]].flatMap((list) =>
    Array.isArray(list) ? list.filter(isJsonObject) : [],
  );
}
