import { deepEqual, invalidValue, type FieldError } from "@seaworthy/kube";
import type { UserInfo } from "@seaworthy/client";
import type { Authorizer } from "../authorization/authorizer.ts";
import { resourceAttributes, type Attributes } from "../authorization/attributes.ts";
import { refuseInvalid } from "../http/status-error.ts";
import type { Review, Reviewer } from "./review.ts";

/** What somebody wants to know of (authorization.k8s.io/v1, SubjectAccessReviewSpec). */
interface Spec {
  readonly resourceAttributes?: {
    readonly namespace?: string;
    readonly verb?: string;
    readonly group?: string;
    readonly version?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly name?: string;
    readonly fieldSelector?: unknown;
    readonly labelSelector?: unknown;
  };
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly extra?: UserInfo["extra"];
  readonly uid?: string;
}

/** May I? (`kubectl auth can-i`) */
export const reviewOwnAccess: Reviewer = (asked, { context, user }) => {
  const spec = specOf(asked);
  refuseInvalid(nameless, "", [...attributeErrors(spec), ...metadataErrors(asked, "must be empty")]);
  return { metadata: {}, spec: askedOf(spec), status: decide(context.authorizer, user, spec) };
};

/** May this one? */
export const reviewAccess: Reviewer = (asked, { context }) => {
  const spec = specOf(asked);
  const errors = [...attributeErrors(spec), ...userErrors(spec), ...metadataErrors(asked, "must be empty")];
  refuseInvalid(nameless, "", errors);
  return { metadata: {}, spec: wholeOf(spec), status: decide(context.authorizer, userOf(spec), spec) };
};

/** May this one, in this namespace? */
export const reviewLocalAccess: Reviewer = (asked, { context, namespace }) => {
  const spec = specOf(asked);
  const { namespace: _namespace, ...rest } = asked.metadata ?? {};
  const errors = [
    ...attributeErrors(spec),
    ...userErrors(spec),
    ...metadataErrors({ metadata: rest }, "must be empty except for namespace"),
    ...localErrors(spec, namespace),
  ];
  refuseInvalid(nameless, "", errors);
  return {
    metadata: { namespace },
    spec: wholeOf(spec),
    status: decide(context.authorizer, userOf(spec), spec),
  };
};

/** Kubernetes names no kind in these refusals. */
const nameless = { group: "authorization.k8s.io", plural: "", kind: "" };

function specOf({ spec }: Review): Spec {
  return spec ?? {};
}

function userOf({ user = "", groups = [], extra, uid = "" }: Spec): UserInfo {
  return {
    username: user,
    groups,
    ...(uid === "" ? {} : { uid }),
    ...(extra === undefined ? {} : { extra }),
  };
}

function decide(authorizer: Authorizer, user: UserInfo, spec: Spec): unknown {
  const { allowed, reason } = authorizer.authorize(user, attributesIn(spec));
  const evaluationError = selectorError(spec);
  return {
    allowed,
    ...(reason === "" ? {} : { reason }),
    ...(evaluationError === undefined ? {} : { evaluationError }),
  };
}

function attributesIn({ resourceAttributes: asked, nonResourceAttributes: path }: Spec): Attributes {
  if (asked === undefined) return { verb: path?.verb ?? "", path: path?.path ?? "" };
  const { verb = "", group = "", resource = "", subresource = "", namespace = "", name = "" } = asked;
  return resourceAttributes({ verb, group, resource, subresource, namespace, name });
}

/** Rules look at no selectors, so that an operator which is not known changes no answer. */
function selectorError({ resourceAttributes: asked }: Spec): string | undefined {
  const bad = (["fieldSelector", "labelSelector"] as const).filter((name) => {
    const { requirements = [] } = (asked?.[name] ?? {}) as { requirements?: { operator?: string }[] };
    return requirements.some(
      ({ operator = "" }) => !["In", "NotIn", "Exists", "DoesNotExist"].includes(operator),
    );
  });
  if (bad.length === 0) return undefined;
  return bad.map((name) => `spec.resourceAttributes.${name} ignored due to parse error`).join(", ");
}

function* attributeErrors(spec: Spec): Iterable<FieldError> {
  const { resourceAttributes: asked, nonResourceAttributes: path } = spec;
  if (asked !== undefined && path !== undefined) {
    const why = "cannot be specified in combination with resourceAttributes";
    yield invalidValue("spec.nonResourceAttributes", goPath(path), why);
  }
  if (asked === undefined && path === undefined) {
    const why = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
    yield invalidValue("spec.resourceAttributes", null, why);
  }
}

function* userErrors({ user = "", groups = [] }: Spec): Iterable<FieldError> {
  if (user === "" && groups.length === 0)
    yield invalidValue("spec.user", "", "at least one of user or group must be specified");
}

function* localErrors(spec: Spec, namespace: string): Iterable<FieldError> {
  const { resourceAttributes: asked, nonResourceAttributes: path } = spec;
  const named = asked?.namespace ?? "";
  if (asked !== undefined && named !== namespace)
    yield invalidValue("spec.resourceAttributes.namespace", named, "must match metadata.namespace");
  if (path !== undefined)
    yield invalidValue("spec.nonResourceAttributes", goPath(path), "disallowed on this kind of request");
}

function* metadataErrors({ metadata = {} }: Review, why: string): Iterable<FieldError> {
  const { managedFields: _fields, ...given } = metadata;
  if (Object.values(given).some((value) => !deepEqual(value, {})))
    yield invalidValue("metadata", metadata, why);
}

/** Go shows the fields of its own type. */
function goPath({ path = "", verb = "" }: NonNullable<Spec["nonResourceAttributes"]>): unknown {
  return { Path: path, Verb: verb };
}

/** What of a question is told again with the answer. */
function askedOf({ resourceAttributes: asked, nonResourceAttributes: path }: Spec): Spec {
  const { namespace, verb, group, version, resource, subresource, name, ...selectors } = asked ?? {};
  const texts = { namespace, verb, group, version, resource, subresource, name };
  return {
    ...(asked === undefined ? {} : { resourceAttributes: { ...withoutEmpty(texts), ...selectors } }),
    ...(path === undefined
      ? {}
      : { nonResourceAttributes: withoutEmpty({ path: path.path, verb: path.verb }) }),
  };
}

function wholeOf(spec: Spec): Spec {
  const { user = "", groups = [], extra, uid = "" } = spec;
  return {
    ...askedOf(spec),
    ...(user === "" ? {} : { user }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(extra === undefined ? {} : { extra }),
    ...(uid === "" ? {} : { uid }),
  };
}

function withoutEmpty(texts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) =>
      text === undefined || text === "" ? [] : [[name, text] as const],
    ),
  );
}
