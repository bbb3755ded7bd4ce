import {
  invalidValue,
  timestamp,
  type FieldError,
  type KubeObject,
  type Node,
  type Pod,
  type Secret,
} from "@seaworthy/kube";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { issuer } from "../authentication/service-account-tokens.ts";
import { parseRequestObject } from "../http/parse-body.ts";
import { jsonResponse } from "../http/responses.ts";
import { badRequest, conflict, notFound, refuseInvalid, type NamedType } from "../http/status-error.ts";
import type { ObjectRoute } from "../resource.ts";
import { mustFind } from "../must-find.ts";
import { matchNamespace } from "../verbs/check-identity.ts";

/**
 * POST of a TokenRequest.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/serviceaccount/storage/token.go
 */
export function requestToken(context: ApiContext, route: ObjectRoute, request: ApiRequest): ApiResponse {
  const { clock, tokens } = context;
  const asked = (parseRequestObject(request) ?? {}) as TokenRequest;
  const metadata = asked.metadata ?? {};
  matchNamespace(metadata, route.namespace);
  const account = mustFind(context, route).object;
  checkIdentity(metadata, account);
  const { audiences = [], expirationSeconds = 3600, boundObjectRef } = asked.spec ?? {};
  refuseInvalid(type, "", [...durationErrors(expirationSeconds)]);
  const bound = boundObjectRef === undefined ? {} : findBound(context, account, boundObjectRef);
  const own = audiences.length === 0 ? [issuer] : audiences;
  const token = tokens.issue({
    serviceAccount: account,
    audiences: own,
    ...bound,
    ...lifetime(expirationSeconds, "pod" in bound && own.includes(issuer)),
  });
  const { name, namespace, uid } = account.metadata;
  const now = clock.now();
  return jsonResponse(
    201,
    JSON.stringify({
      kind: type.kind,
      apiVersion: `${type.group}/v1`,
      metadata: { name, namespace, uid, creationTimestamp: timestamp(now) },
      spec: { audiences: own, expirationSeconds, boundObjectRef: boundObjectRef ?? null },
      status: { token, expirationTimestamp: timestamp(now + expirationSeconds * 1000) },
    }),
  );
}

interface TokenRequest {
  readonly metadata?: Partial<KubeObject["metadata"]>;
  readonly spec?: {
    readonly audiences?: readonly string[];
    readonly expirationSeconds?: number;
    readonly boundObjectRef?: BoundObjectReference;
  };
}

interface BoundObjectReference {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly name?: string;
  readonly uid?: string;
}

const type: NamedType = {
  group: "authentication.k8s.io",
  plural: "TokenRequest",
  kind: "TokenRequest",
};

const yearSeconds = 365 * 24 * 3600;
/** What the API server asks for in the volumes that it adds to pods, and nobody else is likely to. */
export const mountedTokenSeconds = 3607;

/** Programs that read their token once only keep working for a year: of such a token the server would but warn. */
function lifetime(
  seconds: number,
  isForPod: boolean,
): { expirationSeconds: number; warnAfterSeconds?: number } {
  return isForPod && seconds === mountedTokenSeconds
    ? { expirationSeconds: yearSeconds, warnAfterSeconds: seconds }
    : { expirationSeconds: seconds };
}

function checkIdentity({ name, uid = "" }: Partial<KubeObject["metadata"]>, account: KubeObject): void {
  const own = account.metadata;
  if (name !== undefined && name !== "" && name !== own.name) {
    const why = "must match the service account name if specified";
    refuseInvalid(type, own.name, [invalidValue("metadata.name", name, why)]);
  }
  if (uid === "" || uid === own.uid) return;
  const uids = `(${uid}) does not match the UID of the service account (${own.uid ?? ""})`;
  throw conflict(type, own.name, `the UID in the token request ${uids}`);
}

function* durationErrors(seconds: number): Iterable<FieldError> {
  const field = "spec.expirationSeconds";
  if (seconds < 600) yield invalidValue(field, seconds, "may not specify a duration less than 10 minutes");
  if (seconds > 2 ** 32)
    yield invalidValue(field, seconds, "may not specify a duration larger than 2^32 seconds");
}

interface Bound {
  readonly pod?: Pod;
  readonly secret?: Secret;
  readonly node?: Pick<Node, "metadata">;
}

/** The object with which the token ends. */
function findBound({ store }: ApiContext, account: KubeObject, reference: BoundObjectReference): Bound {
  const { kind = "", apiVersion = "", name = "", uid } = reference;
  const { namespace = "" } = account.metadata;
  const find = (plural: string, key: string) => {
    const found = store.get(`/${plural}`, key)?.object;
    if (found === undefined) throw notFound({ group: "", plural, kind }, name);
    if (uid === undefined || uid === "" || uid === found.metadata.uid) return found;
    const uids = `(${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict({ group: "", plural: kind, kind }, name, `the UID in the bound object reference ${uids}`);
  };
  if (apiVersion === "v1" && kind === "Node") return { node: find("nodes", name) };
  if (apiVersion === "v1" && kind === "Secret") return { secret: find("secrets", `${namespace}/${name}`) };
  if (apiVersion !== "v1" || kind !== "Pod") {
    const gv = apiVersion.includes("/") ? apiVersion : `/${apiVersion}`;
    throw badRequest(`cannot bind token to object of type ${gv}, Kind=${kind}`);
  }
  const pod = find("pods", `${namespace}/${name}`) as Pod;
  if (pod.spec.serviceAccountName !== account.metadata.name)
    throw badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(account.metadata.name)} to pod running with different serviceaccount name.`,
    );
  const { nodeName = "" } = pod.spec;
  if (nodeName === "") return { pod };
  return { pod, node: store.get("/nodes", nodeName)?.object ?? { metadata: { name: nodeName } } };
}
