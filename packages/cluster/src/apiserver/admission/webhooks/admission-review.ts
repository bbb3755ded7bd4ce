import { apiVersionOf, type JsonObject, type ServedType } from "@seaworthy/kube";
import type { ApiContext } from "../../api-context.ts";
import { thisProcess } from "../../authentication/users.ts";
import { StatusError, type StatusCause } from "../../http/status-error.ts";
import { generateUid } from "../../verbs/create-object.ts";
import type { AdmissionRequest } from "../admission-request.ts";
import { isOfKind } from "../matching/object-in.ts";
import type { Webhook } from "./configured-webhooks.ts";
import type { Match } from "./match-webhook.ts";

const versions = ["v1", "v1beta1"];

/** What a webhook has answered. */
export interface AdmissionResponse {
  readonly allowed: boolean;
  readonly warnings: readonly string[];
  /** A JSON Patch, not yet read; empty when there is none. */
  readonly patch: string;
  readonly patchType: string;
  readonly status: JsonObject | undefined;
}

/**
 * Makes an AdmissionReview in the first version that both sides know; undefined when there is none.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/webhook/request/admissionreview.go
 */
export function admissionReview(
  context: ApiContext,
  { admissionReviewVersions }: Pick<Webhook, "admissionReviewVersions">,
  request: AdmissionRequest,
  match: Match,
): { readonly uid: string; readonly apiVersion: string; readonly review: JsonObject } | undefined {
  const version = admissionReviewVersions.find((each) => versions.includes(each));
  if (version === undefined) return undefined;
  const apiVersion = apiVersionOf({ group: "admission.k8s.io", version });
  const uid = generateUid(context.random);
  const { username, groups, uid: userUid, extra } = context.user ?? thisProcess;
  const { type } = request.resource;
  const review = {
    kind: "AdmissionReview",
    apiVersion,
    request: {
      uid,
      kind: kindNames(isOfKind(request) ? match.type : request.kind),
      resource: resourceNames(match.type),
      ...(request.subresource === "" ? {} : { subResource: request.subresource }),
      requestKind: kindNames(request.kind),
      requestResource: resourceNames(type),
      ...(request.subresource === "" ? {} : { requestSubResource: request.subresource }),
      ...(request.name === "" ? {} : { name: request.name }),
      ...(request.namespace === undefined ? {} : { namespace: request.namespace }),
      operation: request.operation,
      userInfo: {
        username,
        ...(userUid === undefined ? {} : { uid: userUid }),
        groups,
        ...(extra === undefined ? {} : { extra }),
      },
      object: match.object ?? null,
      oldObject: match.oldObject ?? null,
      dryRun: request.dryRun,
      options: request.options ?? null,
    },
  };
  return { uid, apiVersion, review };
}

/** Reads the answer, or says what is wrong with it. */
export function readResponse(
  answer: JsonObject,
  asked: { readonly uid: string; readonly apiVersion: string },
  mutates: boolean,
): AdmissionResponse {
  const { kind, apiVersion } = answer;
  const response = answer["response"] as Response | undefined | null;
  if (response === undefined || response === null) throw new Error("webhook response was absent");
  if (asked.apiVersion.endsWith("/v1")) {
    if (response.uid !== asked.uid)
      throw new Error(
        `expected response.uid=${JSON.stringify(asked.uid)}, got ${JSON.stringify(response.uid ?? "")}`,
      );
    if (apiVersion !== asked.apiVersion || kind !== "AdmissionReview")
      throw new Error(
        `expected webhook response of ${asked.apiVersion}, Kind=AdmissionReview, got ${textOf(apiVersion) || "/"}, Kind=${textOf(kind)}`,
      );
    checkPatch(response, mutates);
  }
  const patch = mutates ? Buffer.from(response.patch ?? "", "base64").toString("utf8") : "";
  const patchType = asked.apiVersion.endsWith("/v1") ? (response.patchType ?? "") : "JSONPatch";
  const { allowed = false, warnings = [], status = undefined } = response;
  return { allowed, warnings: warnings ?? [], patch, patchType, status: status ?? undefined };
}

interface Response {
  readonly uid?: string;
  readonly allowed?: boolean;
  readonly patch?: string | null;
  readonly patchType?: string | null;
  readonly status?: JsonObject | null;
  readonly warnings?: readonly string[] | null;
}

function checkPatch({ patch, patchType }: Response, mutates: boolean): void {
  const hasPatch = (patch ?? "") !== "";
  const hasType = patchType !== undefined && patchType !== null;
  if (!mutates && hasPatch) throw new Error("validating webhook may not return response.patch");
  if (!mutates && hasType) throw new Error("validating webhook may not return response.patchType");
  if (hasPatch && !hasType) throw new Error("webhook returned response.patch but not response.patchType");
  if (!hasPatch && hasType) throw new Error("webhook returned response.patchType but not response.patch");
  if (patchType === "") throw new Error('webhook returned invalid response.patchType of ""');
}

/**
 * The refusal that a client gets where a webhook denies.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/webhook/errors/statuserror.go
 */
export function denial(webhook: string, status: JsonObject | undefined): StatusError {
  const {
    code = 0,
    reason = "",
    message = "",
    details,
  } = (status ?? {}) as {
    readonly code?: number;
    readonly reason?: string;
    readonly message?: string;
    readonly details?: { readonly causes?: readonly StatusCause[] };
  };
  const why = message !== "" ? `: ${message}` : reason !== "" ? `: ${reason}` : " without explanation";
  const text = `admission webhook ${JSON.stringify(webhook)} denied the request${why}`;
  return new StatusError(Math.max(code, 400), reason, text, details);
}

function kindNames({ group, version, kind }: AdmissionRequest["kind"]): AdmissionRequest["kind"] {
  return { group, version, kind };
}

function resourceNames({ group, version, plural }: ServedType): JsonObject {
  return { group, version, resource: plural };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
