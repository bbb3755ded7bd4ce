import type { ApiRequest } from "@seaworthy/client";
import { invalidValue, toGoText, type KubeObject } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import {
  applyMediaType,
  mediaTypeOf,
  parseBody,
  parseStrictly,
  type StrictBody,
} from "../http/parse-body.ts";
import { conflict, invalid, StatusError } from "../http/status-error.ts";
import { shownIn, startOf, type ObjectRoute, type Resource } from "../resource.ts";
import type { StoredObject } from "../store/stored-object.ts";
import { checkIdentity } from "./check-identity.ts";
import { configurationApplier } from "./apply-configuration.ts";
import { applyPatch } from "./apply-patch.ts";
import { decodeObject, type Decoded } from "../decoding/decode-object.ts";
import { ownershipOf, setManagedFields, trackWrite } from "./ownership.ts";
import { findingsInObject, findingsInPatch } from "../decoding/strict-findings.ts";
import type { WriteQuery } from "./write-request.ts";

/**
 * Makes of a PUT or PATCH what says what an object should become, with who owns what then. It has not looked at the object yet:
 * who may write which part of it is for later.
 */
export function draftMaker(
  context: ApiContext,
  route: ObjectRoute,
  request: ApiRequest,
  options: WriteQuery,
): (old: StoredObject | undefined) => Decoded {
  if (request.method === "PATCH" && mediaTypeOf(request.headers) === applyMediaType)
    return applier(context, route, request, options);
  const { resource, subresource = "" } = route;
  const body = parseStrictly(request, options.fieldValidation !== "Ignore");
  return (old) => {
    const decoded =
      request.method === "PATCH"
        ? decodePatched(body, old, route, request, options)
        : decodeSent(body, resource, options);
    checkIdentity(decoded.object.metadata, route);
    if (request.method === "PATCH") checkUid(decoded.object, old, route);
    const live = old === undefined ? undefined : startOf(resource, old);
    const write = { live, next: decoded.object, manager: options.manager };
    setManagedFields(decoded.object, trackWrite(context, ownershipOf(resource, subresource), write));
    return decoded;
  };
}

function decodeSent(body: StrictBody, resource: Resource, { fieldValidation }: WriteQuery): Decoded {
  return decodeObject(body.value, resource, fieldValidation, findingsInObject(resource, body));
}

/**
 * Where a patched object cannot be decoded, it is the patch that is refused, with the object that it would have made; or with
 * itself, when it is one of those that know what is in a list.
 */
function decodePatched(
  { value: patch, fields }: StrictBody,
  old: StoredObject | undefined,
  { resource, subresource }: ObjectRoute,
  request: ApiRequest,
  { fieldValidation }: WriteQuery,
): Decoded {
  if (old === undefined) throw new TypeError("a patch of nothing");
  const mediaType = mediaTypeOf(request.headers);
  const isStrategic = mediaType.includes("strategic");
  // A write of the status changes nothing else. Custom objects are pruned in place, all of them.
  const sharesRest = subresource === "status" && resource.type.prune === undefined;
  const patched = applyPatch(old, patch, mediaType, resource, sharesRest);
  const known = sharesRest ? shownIn(resource, old).object : undefined;
  const findings = findingsInPatch(fields, mediaType.includes("json-patch") ? "json patch " : "");
  try {
    return decodeObject(patched, resource, fieldValidation, findings, known);
  } catch (error) {
    const why = error instanceof StatusError ? undecodable.exec(error.message)?.[1] : undefined;
    if (why === undefined) throw error;
    // What was decoded has been changed, so that it is made anew to be shown.
    const again = parseBody(request);
    const shown = isStrategic
      ? toGoText(again)
      : JSON.stringify(applyPatch(old, again, mediaType, resource, false));
    throw invalid({ group: "", plural: "", kind: "" }, "", [invalidValue("patch", shown, why)]);
  }
}

/** What a refusal says of an object that cannot be decoded; its kind does not matter. */
const undecodable = /^\S+ in version "[^"]*" cannot be handled as a \S+: (?!converting )(.*)$/s;

function applier(
  context: ApiContext,
  route: ObjectRoute,
  request: ApiRequest,
  options: WriteQuery,
): (old: StoredObject | undefined) => Decoded {
  const { resource, subresource = "" } = route;
  const apply = configurationApplier(context, ownershipOf(resource, subresource), request, options);
  return (old) => {
    const applied = apply(old === undefined ? undefined : asAsked(resource, old));
    // What was merged shares parts with the object that is stored. Fields that are not known have been refused.
    const merged = JSON.parse(JSON.stringify(applied.object)) as unknown;
    const { object, warnings } = decodeObject(merged, resource, "Ignore");
    setManagedFields(object, applied.managedFields);
    const { uid = "" } = object.metadata;
    if (old === undefined && uid !== "") {
      const mismatch = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
      throw conflict(resource.type, route.name, mismatch);
    }
    checkIdentity(object.metadata, route);
    checkUid(object, old, route);
    if (old === undefined) delete object.metadata.resourceVersion;
    return { object, warnings: [...applied.warnings, ...warnings] };
  };
}

/** The object in the version of the request, not to be changed. */
function asAsked(resource: Resource, old: StoredObject): KubeObject {
  return { ...shownIn(resource, old).object, apiVersion: resource.type.apiVersion };
}

/** A PUT for another uid is a conflict; a patch that sets another one is refused as a change of what cannot be changed. */
function checkUid(
  { metadata }: KubeObject,
  old: StoredObject | undefined,
  { resource, name }: ObjectRoute,
): void {
  const { uid = "" } = metadata;
  if (old === undefined || uid === "" || uid === old.object.metadata.uid) return;
  const error = invalidValue("metadata.uid", uid, "field is immutable");
  // The registry and the rules of the kind both look at it.
  throw invalid(resource.type, name, [error, error]);
}
