import { timestamp, type KubeObject, type Pod } from "@seaworthy/kube";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { parseRequestObject } from "../http/parse-body.ts";
import { mustFind } from "../must-find.ts";
import { matchNamespace } from "../verbs/check-identity.ts";
import type { ObjectRoute } from "../resource.ts";
import { jsonResponse } from "../http/responses.ts";
import { conflict, invalid } from "../http/status-error.ts";
import { readWriteQuery } from "../verbs/write-request.ts";

/** A v1 Binding. */
interface Binding extends KubeObject {
  readonly target?: { readonly name?: string };
}

/**
 * POST of a Binding: puts a pod on a node, once.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/pod/storage/storage.go (assignPod)
 */
export function bindPod(context: ApiContext, route: ObjectRoute, request: ApiRequest): ApiResponse {
  const body = parseRequestObject(request) as Partial<Binding> | undefined;
  matchNamespace(body?.metadata ?? {}, route.namespace);
  const nodeName = body?.target?.name ?? "";
  if (nodeName === "") {
    throw invalid({ group: "", plural: "bindings", kind: "Binding" }, route.name, [
      { reason: "FieldValueRequired", field: "target.name", message: "Required value" },
    ]);
  }
  const stored = mustFind(context, route);
  const pod = stored.copy() as Pod;
  const type = { group: "", plural: "pods/binding", kind: "Binding" };
  if (pod.metadata.deletionTimestamp !== undefined) {
    throw conflict(type, route.name, `pod ${route.name} is being deleted, cannot be assigned to a host`);
  }
  if ((pod.spec.nodeName ?? "") !== "") {
    throw conflict(
      type,
      route.name,
      `pod ${route.name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`,
    );
  }
  pod.spec.nodeName = nodeName;
  const conditions = (pod.status?.conditions ?? []).filter((condition) => condition.type !== "PodScheduled");
  const scheduled = {
    type: "PodScheduled",
    status: "True",
    lastTransitionTime: timestamp(context.clock.now()),
  };
  pod.status = { ...pod.status, conditions: [...conditions, scheduled] };
  if (!readWriteQuery(request).dryRun) context.store.put(route.resource.collection, stored.key, pod);
  return jsonResponse(
    201,
    JSON.stringify({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 }),
  );
}
