import { apiVersionOf, matchesLabelSelector, type JsonObject } from "@seaworthy/kube";
import type { ApiContext } from "../../api-context.ts";
import { keyOf, shownIn, type Resource } from "../../resource.ts";
import type { ParamReference, Policy, PolicyBinding } from "./policy-objects.ts";

/**
 * The objects with which a bound policy is evaluated, each by itself; `undefined` stands for none. Throws in Kubernetes' words.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/policy/generic/policy_dispatcher.go (CollectParams)
 */
export function collectParams(
  context: ApiContext,
  { spec: { paramKind } }: Policy,
  { spec: { paramRef } }: PolicyBinding,
  namespace: string | undefined,
): readonly (JsonObject | undefined)[] {
  if (paramKind === undefined || paramRef === undefined) return [undefined];
  const resource = paramResource(context, paramKind);
  const params = findParams(context, resource, paramRef, namespace ?? "");
  if (params.length === 0 && paramRef.parameterNotFoundAction === "Deny")
    throw new TypeError("no params found for policy binding with `Deny` parameterNotFoundAction");
  return params;
}

/** The resource whose objects are parameters. Throws where it is not served. */
export function paramResource(
  { resources }: ApiContext,
  paramKind: NonNullable<Policy["spec"]["paramKind"]>,
): Resource {
  const { apiVersion, kind } = paramKind;
  const found = resources.list().find(({ type }) => type.kind === kind && apiVersionOf(type) === apiVersion);
  if (found !== undefined) return found;
  const named = apiVersion.includes("/") ? apiVersion : `/${apiVersion}`;
  throw new TypeError(`failed to find resource referenced by paramKind: '${named}, Kind=${kind}'`);
}

function findParams(
  { store }: ApiContext,
  resource: Resource,
  { name = "", namespace: wanted = "", selector }: ParamReference,
  requested: string,
): JsonObject[] {
  const { namespaced } = resource.type;
  if (!namespaced && wanted !== "")
    throw new TypeError("paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
  const namespace = !namespaced ? undefined : wanted === "" ? requested : wanted;
  if (namespace === "")
    throw new TypeError(
      "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources",
    );
  const stored =
    name === ""
      ? store
          .list(resource.collection, namespace)
          .filter(({ object }) => matchesLabelSelector(selector, object.metadata.labels))
      : [store.get(resource.collection, keyOf(namespace, name))].filter((each) => each !== undefined);
  const { apiVersion } = resource.type;
  return stored.map((each) => ({ ...shownIn(resource, each).object, apiVersion }));
}
