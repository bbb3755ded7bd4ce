import {
  AccessAuthorizer,
  fromJson,
  requestValue,
  type AccessQuestion,
  type Bindings,
  type ServedType,
} from "@seaworthy/kube";
import type { UserInfo } from "@seaworthy/client";
import type { ApiContext } from "../../api-context.ts";
import { groupsOfServiceAccount, userNameOf } from "../../authentication/service-account-name.ts";
import { resourceAttributes } from "../../authorization/attributes.ts";
import { thisProcess } from "../../authentication/users.ts";
import type { AdmissionRequest } from "../admission-request.ts";
import { isOfKind, objectIn } from "./object-in.ts";

/**
 * What the variables of expressions are for a request, as one for `type`; all but parameters and what a policy names.
 * Values are made when an expression first asks for them.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/cel/condition.go
 */
export function admissionBindings(
  context: ApiContext,
  request: AdmissionRequest,
  type: ServedType,
): Bindings {
  return lazily({
    object: () => fromJson(objectIn(request, request.object, type)),
    oldObject: () => fromJson(objectIn(request, request.oldObject, type)),
    request: () => requestValue(requestFields(context, request, type)),
    namespaceObject: () => fromJson(namespaceOf(context, request)),
    authorizer: () =>
      new AccessAuthorizer(askFor(context), {
        group: request.resource.type.group,
        resource: request.resource.type.plural,
        subresource: request.subresource,
        namespace: request.namespace ?? "",
        name: request.name,
      }),
  });
}

function lazily<T extends object>(make: { readonly [Name in keyof T]: () => T[Name] }): T {
  const result = {} as T;
  for (const name of Object.keys(make) as (keyof T & string)[]) {
    let made: { readonly value: unknown } | undefined;
    const get = () => (made ??= { value: make[name]() }).value;
    Object.defineProperty(result, name, { enumerable: true, get });
  }
  return result;
}

function requestFields(
  { user }: ApiContext,
  request: AdmissionRequest,
  type: ServedType,
): Parameters<typeof requestValue>[0] {
  const { resource, kind, subresource, options } = request;
  const { group, version, plural } = resource.type;
  const { username, uid = "", groups, extra = {} } = user ?? thisProcess;
  return {
    kind: named(isOfKind(request) ? type : kind),
    resource: { group: type.group, version: type.version, resource: type.plural },
    requestKind: named(kind),
    requestResource: { group, version, resource: plural },
    subResource: subresource,
    requestSubResource: subresource,
    name: request.name,
    namespace: request.namespace ?? "",
    operation: request.operation,
    userInfo: { username, uid, groups, extra },
    dryRun: request.dryRun,
    options: fromJson(options),
  };
}

function named({ group, version, kind }: AdmissionRequest["kind"]): AdmissionRequest["kind"] {
  return { group, version, kind };
}

/** The namespace in which the object is, without who manages what of it; none for a Namespace. */
function namespaceOf({ store }: ApiContext, { resource, namespace }: AdmissionRequest): unknown {
  if (namespace === undefined || (resource.type.group === "" && resource.type.plural === "namespaces"))
    return undefined;
  const stored = store.get("/namespaces", namespace);
  if (stored === undefined) return undefined;
  const { managedFields: _managed, ownerReferences: _owners, ...metadata } = stored.object.metadata;
  return { ...stored.object, metadata };
}

function askFor({ authorizer, user }: ApiContext): ConstructorParameters<typeof AccessAuthorizer>[0] {
  return ({ serviceAccount, verb, path, ...asked }: AccessQuestion) =>
    authorizer.authorize(
      serviceAccount === undefined ? user : accountUser(serviceAccount),
      path === undefined ? resourceAttributes({ ...asked, verb }) : { verb, path },
    );
}

function accountUser({ namespace, name }: { namespace: string; name: string }): UserInfo {
  return {
    username: userNameOf(namespace, name),
    groups: [...groupsOfServiceAccount(namespace), "system:authenticated"],
  };
}
