import { randomUUID, type KeyObject } from "node:crypto";
import type { KubeObject, Node, Pod, Secret } from "@seaworthy/kube";
import type { UserInfo } from "@seaworthy/client";
import type { Clock } from "../../clock.ts";
import type { Store } from "../store/store.ts";
import { createTokenSigner } from "./json-web-token.ts";
import { groupsOfServiceAccount, userNameOf } from "./service-account-name.ts";
import { authenticatedGroup } from "./users.ts";

/** Who issues the tokens of ServiceAccounts, and the audience that they have when none is asked for. */
export const issuer = "https://kubernetes.default.svc.cluster.local";

/** What a token is to say. */
export interface TokenContent {
  readonly serviceAccount: KubeObject;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  /** When to begin to warn of a token that lives longer than it was asked to. */
  readonly warnAfterSeconds?: number;
  /** With one of these the token ends. A pod is told of together with its node. */
  readonly pod?: Pod;
  readonly secret?: Secret;
  readonly node?: Pick<Node, "metadata">;
}

/** Whom a token stands for, and for which of the audiences asked for it is meant. */
export interface VerifiedToken {
  readonly user: UserInfo;
  readonly audiences: readonly string[];
}

/** Issues the tokens of ServiceAccounts, and knows them again. */
export interface ServiceAccountTokens {
  issue(content: TokenContent): string;
  /** A token without an end, as a Secret holds it. */
  issueForSecret(serviceAccount: KubeObject, secret: KubeObject): string;
  /** Throws an `Error` that says why a token is not good, or not any more. `audiences` are the API server's when absent. */
  verify(token: string, audiences?: readonly string[]): VerifiedToken;
  /** The keys with which others can check tokens (RFC 7517). */
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}

/** So many tokens are remembered as signed by us; of which the one not seen for longest is forgotten. */
const mostRemembered = 10_000;
/** Clocks may differ by this much. */
const leewaySeconds = 60;

/**
 * Makes an issuer with a private key on P-256, which is asked for when the first token needs it. What a token is bound to is looked
 * up anew each time; only its signature is remembered.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/serviceaccount/claims.go
 */
export function createServiceAccountTokens(
  store: Store,
  clock: Clock,
  key: () => KeyObject,
): ServiceAccountTokens {
  let made: ReturnType<typeof createTokenSigner> | undefined;
  const signer = () => (made ??= createTokenSigner(key()));
  const remembered = new Map<string, Claims>();

  function claimsOf(token: string): Claims {
    const known = remembered.get(token);
    remembered.delete(token);
    const claims = known ?? readClaims(signer().read(token));
    remembered.set(token, claims);
    const oldest = remembered.keys().next();
    if (remembered.size > mostRemembered && oldest.done !== true) remembered.delete(oldest.value);
    return claims;
  }

  return {
    get keys() {
      return [signer().publicKey];
    },
    issue({ serviceAccount, audiences, expirationSeconds, warnAfterSeconds, pod, secret, node }) {
      const now = Math.floor(clock.now() / 1000);
      return signer().sign({
        aud: audiences,
        exp: now + expirationSeconds,
        iat: now,
        iss: issuer,
        jti: randomUUID(),
        "kubernetes.io": {
          namespace: serviceAccount.metadata.namespace,
          ...(node === undefined ? {} : { node: reference(node) }),
          ...(pod === undefined ? {} : { pod: reference(pod) }),
          ...(secret === undefined ? {} : { secret: reference(secret) }),
          serviceaccount: reference(serviceAccount),
          ...(warnAfterSeconds === undefined ? {} : { warnafter: now + warnAfterSeconds }),
        },
        nbf: now,
        sub: userNameOf(serviceAccount.metadata.namespace ?? "", serviceAccount.metadata.name),
      });
    },
    issueForSecret({ metadata }, secret) {
      const { namespace = "", name, uid } = metadata;
      return signer().sign({
        iss: legacyIssuer,
        "kubernetes.io/serviceaccount/namespace": namespace,
        "kubernetes.io/serviceaccount/secret.name": secret.metadata.name,
        "kubernetes.io/serviceaccount/service-account.name": name,
        "kubernetes.io/serviceaccount/service-account.uid": uid,
        sub: userNameOf(namespace, name),
      });
    },
    verify(token, audiences = [issuer]) {
      const claims = claimsOf(token);
      const meant = audiences.filter((audience) => claims.audiences.includes(audience));
      if (meant.length === 0)
        throw new Error(
          `token audiences ${quote(claims.audiences)} is invalid for the target audiences ${quote(audiences)}`,
        );
      checkTime(claims, clock.now() / 1000);
      checkBindings(claims, store, clock.now());
      if (claims.isLegacy) checkCopy(claims, token, store);
      return { user: claims.user, audiences: meant };
    },
  };
}

const legacyIssuer = "kubernetes/serviceaccount";

interface Reference {
  readonly name: string;
  readonly uid: string;
}

/** What a token says, once its signature is known to be ours. */
interface Claims {
  readonly user: UserInfo;
  readonly audiences: readonly string[];
  /** In seconds since the epoch. */
  readonly notBefore: number;
  readonly expires: number;
  readonly namespace: string;
  readonly serviceAccount: Reference;
  readonly pod: Reference | undefined;
  /** Old tokens name their Secret without its uid. */
  readonly secret: (Partial<Reference> & Pick<Reference, "name">) | undefined;
  readonly node: Reference | undefined;
  readonly isLegacy: boolean;
}

function reference({ metadata }: Pick<KubeObject, "metadata">): { name: string; uid?: string } {
  return { name: metadata.name, ...(metadata.uid === undefined ? {} : { uid: metadata.uid }) };
}

/** We signed them, so they have the form that we gave them. */
function readClaims(read: unknown): Claims {
  const token = read as {
    readonly iss: string;
    readonly aud: readonly string[];
    readonly exp: number;
    readonly nbf: number;
    readonly jti: string;
    readonly "kubernetes.io": {
      readonly namespace: string;
      readonly serviceaccount: Reference;
      readonly pod?: Reference;
      readonly secret?: Reference;
      readonly node?: Reference;
    };
  };
  if (token.iss === legacyIssuer) return readLegacyClaims(read as Record<string, string>);
  const { namespace, serviceaccount, pod, secret, node } = token["kubernetes.io"];
  const extra = {
    "authentication.kubernetes.io/credential-id": [`JTI=${token.jti}`],
    ...(node === undefined
      ? {}
      : {
          "authentication.kubernetes.io/node-name": [node.name],
          ...(node.uid === undefined ? {} : { "authentication.kubernetes.io/node-uid": [node.uid] }),
        }),
    ...(pod === undefined
      ? {}
      : {
          "authentication.kubernetes.io/pod-name": [pod.name],
          "authentication.kubernetes.io/pod-uid": [pod.uid],
        }),
  };
  return {
    user: userOf(namespace, serviceaccount, extra),
    audiences: token.aud,
    notBefore: token.nbf,
    expires: token.exp,
    namespace,
    serviceAccount: serviceaccount,
    pod,
    secret,
    // The node of a pod is told of; what ends the token is the pod.
    node: pod === undefined ? node : undefined,
    isLegacy: false,
  };
}

function readLegacyClaims(token: Readonly<Record<string, string>>): Claims {
  const of = (name: string) => token[`kubernetes.io/serviceaccount/${name}`] ?? "";
  const namespace = of("namespace");
  const serviceAccount = { name: of("service-account.name"), uid: of("service-account.uid") };
  return {
    user: userOf(namespace, serviceAccount),
    audiences: [issuer],
    notBefore: 0,
    expires: Infinity,
    namespace,
    serviceAccount,
    pod: undefined,
    secret: { name: of("secret.name") },
    node: undefined,
    isLegacy: true,
  };
}

function userOf(namespace: string, { name, uid }: Reference, extra?: UserInfo["extra"]): UserInfo {
  return {
    username: userNameOf(namespace, name),
    uid,
    groups: [...groupsOfServiceAccount(namespace), authenticatedGroup],
    ...(extra === undefined ? {} : { extra }),
  };
}

function checkTime({ notBefore, expires }: Claims, nowSeconds: number): void {
  if (nowSeconds > expires + leewaySeconds) throw new Error("service account token has expired");
  if (nowSeconds < notBefore - leewaySeconds) throw new Error("service account token is not valid yet");
}

/** What a token is bound to must be there, be the same as then, and not have been deleted some time ago. */
function checkBindings(claims: Claims, store: Store, nowMs: number): void {
  const { namespace, serviceAccount, pod, secret, node } = claims;
  const account = store.get("/serviceaccounts", `${namespace}/${serviceAccount.name}`)?.object;
  if (account === undefined) throw new Error(`serviceaccounts "${serviceAccount.name}" not found`);
  if (account.metadata.uid !== serviceAccount.uid)
    throw new Error(
      `service account UID (${account.metadata.uid ?? ""}) does not match claim (${serviceAccount.uid})`,
    );
  if (isLongDeleted(account, nowMs))
    throw new Error(`service account ${namespace}/${serviceAccount.name} has been deleted`);
  checkBound(store.get("/pods", `${namespace}/${pod?.name}`)?.object, pod, "pod", nowMs);
  checkBound(store.get("/nodes", node?.name ?? "")?.object, node, "node", nowMs);
  checkBound(store.get("/secrets", `${namespace}/${secret?.name}`)?.object, secret, "secret", nowMs);
}

function checkBound(
  found: KubeObject | undefined,
  claimed: Partial<Reference> | undefined,
  what: "pod" | "node" | "secret",
  nowMs: number,
): void {
  if (claimed === undefined) return;
  if (found === undefined || isLongDeleted(found, nowMs)) throw invalidated();
  if (claimed.uid === undefined || claimed.uid === found.metadata.uid) return;
  const uid = `${what} UID (${found.metadata.uid ?? ""})`;
  throw new Error(`${uid} does not match service account ${what} ref claim (${claimed.uid})`);
}

function invalidated(): Error {
  return new Error("service account token has been invalidated");
}

/** A Secret's token ends when the Secret holds another. */
function checkCopy({ namespace, secret }: Claims, token: string, store: Store): void {
  const held = store.get("/secrets", `${namespace}/${secret?.name}`)?.object as Secret | undefined;
  if (held?.data?.["token"] !== Buffer.from(token).toString("base64")) throw invalidated();
}

function isLongDeleted({ metadata }: KubeObject, nowMs: number): boolean {
  const { deletionTimestamp } = metadata;
  return deletionTimestamp !== undefined && Date.parse(deletionTimestamp) < nowMs - leewaySeconds * 1000;
}

function quote(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(" ")}]`;
}
