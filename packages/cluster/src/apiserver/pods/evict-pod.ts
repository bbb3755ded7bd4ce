import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import { type KubeObject, type Pod, withCondition } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { parseRequestObject } from "../http/parse-body.ts";
import { jsonResponse } from "../http/responses.ts";
import { badRequest } from "../http/status-error.ts";
import type { DeletionOptions } from "../verbs/deletion.ts";
import { checkPreconditions, deleteObject } from "../verbs/delete-object.ts";
import { mustFind } from "../must-find.ts";
import { matchNamespace } from "../verbs/check-identity.ts";
import type { ObjectRoute } from "../resource.ts";
import { readWriteQuery } from "../verbs/write-request.ts";
import { admitDisruption } from "./admit-disruption.ts";

/** A policy/v1 Eviction. */
interface Eviction extends KubeObject {
  readonly deleteOptions?: DeletionOptions & { readonly dryRun?: readonly string[] };
}

/**
 * POST of an Eviction: deletes a pod, unless its disruption budget has nothing left. All of it is one turn of the event loop, so
 * that no two evictions share what a budget allows.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/registry/core/pod/storage/eviction.go
 */
export function evictPod(context: ApiContext, route: ObjectRoute, request: ApiRequest): ApiResponse {
  const body = (parseRequestObject(request) ?? {}) as Partial<Eviction>;
  matchNamespace(body.metadata ?? {}, route.namespace);
  if (body.metadata?.name !== route.name)
    throw badRequest("name in URL does not match name in Eviction object");
  const dryRun = readWriteQuery(request).dryRun || (body.deleteOptions?.dryRun ?? []).length > 0;
  const options = { ...body.deleteOptions, dryRun };
  const pod = mustFind(context, route).object as Pod;
  if (!mayIgnoreBudgets(pod)) admitDisruption(context, pod, dryRun);
  checkPreconditions(route.resource, pod, options);
  if (!dryRun) markAsDisrupted(context, route);
  // The mark is a change of the pod, so that the version that was asked for is the one before it.
  const { resourceVersion: _checked, ...preconditions } = options.preconditions ?? {};
  deleteObject(context, route.resource, route, { ...options, preconditions });
  return jsonResponse(
    201,
    JSON.stringify({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 }),
  );
}

/** What has ended, has not begun or is going already is no loss. */
function mayIgnoreBudgets({ metadata, status }: Pod): boolean {
  const phases = ["Succeeded", "Failed", "Pending"];
  return phases.includes(status?.phase ?? "") || metadata.deletionTimestamp !== undefined;
}

function markAsDisrupted(context: ApiContext, route: ObjectRoute): void {
  const stored = mustFind(context, route);
  const pod = stored.copy() as Pod;
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    reason: "EvictionByEvictionAPI",
    message: "Eviction API: evicting",
  };
  const conditions = withCondition(pod.status?.conditions, condition, context.clock.now());
  pod.status = { ...pod.status, conditions };
  context.store.put(route.resource.collection, stored.key, pod);
}
