import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { thisProcess } from "../authentication/users.ts";
import { attributesOf } from "../authorization/attributes-of.ts";
import { isForResource } from "../authorization/attributes.ts";
import { readAccept } from "../http/accept.ts";
import { parseRequestObject } from "../http/parse-body.ts";
import { jsonResponse } from "../http/responses.ts";
import { badRequest, methodNotAllowed, notAcceptable } from "../http/status-error.ts";
import { matchNamespace } from "../verbs/check-identity.ts";
import { reviewAccess, reviewLocalAccess, reviewOwnAccess } from "./review-access.ts";
import { reviewRules } from "./review-rules.ts";
import { reviewToken } from "./review-token.ts";
import type { Review, Reviewer } from "./review.ts";
import { timestamp } from "@seaworthy/kube";

/**
 * Answers a review: a question that is posted and never stored. Undefined for other requests.
 * https://github.com/kubernetes/kubernetes/tree/master/pkg/registry/authorization
 */
export function answerReview(context: ApiContext, request: ApiRequest): ApiResponse | undefined {
  const attributes = attributesOf(request);
  if (!isForResource(attributes) || attributes.name !== "") return undefined;
  const { group, resource, namespace } = attributes;
  const found = reviews[`${group}/${resource}`];
  if (found === undefined || request.path.split("/")[3] !== "v1") return undefined;
  const { kind, review } = found;
  if ((namespace !== "") !== (resource === "localsubjectaccessreviews")) return undefined;
  if (request.method !== "POST") throw methodNotAllowed();
  // A review is no row of a table, nor has it metadata of its own.
  if (readAccept(request.headers["accept"]).every(({ as }) => as !== undefined)) throw notAcceptable(false);
  const asked = checkKind(parseRequestObject(request), kind, group);
  matchNamespace(asked.metadata ?? {}, namespace === "" ? undefined : namespace);
  const answer = review(asked, { context, user: context.user ?? thisProcess, namespace });
  return jsonResponse(201, JSON.stringify({ kind, apiVersion: `${group}/v1`, ...answer }));
}

const reviews: Readonly<Record<string, { readonly kind: string; readonly review: Reviewer }>> = {
  "authentication.k8s.io/selfsubjectreviews": { kind: "SelfSubjectReview", review: reviewSelf },
  "authentication.k8s.io/tokenreviews": { kind: "TokenReview", review: reviewToken },
  "authorization.k8s.io/localsubjectaccessreviews": {
    kind: "LocalSubjectAccessReview",
    review: reviewLocalAccess,
  },
  "authorization.k8s.io/selfsubjectaccessreviews": {
    kind: "SelfSubjectAccessReview",
    review: reviewOwnAccess,
  },
  "authorization.k8s.io/selfsubjectrulesreviews": { kind: "SelfSubjectRulesReview", review: reviewRules },
  "authorization.k8s.io/subjectaccessreviews": { kind: "SubjectAccessReview", review: reviewAccess },
};

/** Who am I? (`kubectl auth whoami`) */
function reviewSelf(_asked: Review, { context, user }: Parameters<Reviewer>[1]): ReturnType<Reviewer> {
  return {
    metadata: { creationTimestamp: timestamp(context.clock.now()) },
    status: { userInfo: user },
  };
}

function checkKind(body: unknown, kind: string, group: string): Review {
  const sent = (body ?? {}) as Review & { readonly kind?: string; readonly apiVersion?: string };
  if (typeof sent !== "object" || Array.isArray(sent))
    throw badRequest(`the object provided is unrecognized (must be of type ${kind})`);
  if (sent.kind === undefined || sent.kind === kind) return sent;
  const version = (sent.apiVersion ?? "").split("/").at(-1);
  const into = `converting (${version}.${sent.kind}) to (${group.split(".")[0]}.${kind})`;
  throw badRequest(
    `${sent.kind} in version "${version}" cannot be handled as a ${kind}: ${into}: unknown conversion`,
  );
}
