import {
  formatObjectName,
  nearestName,
  type Gateway,
  type Ingress,
  type KubeObject,
  type Manifest,
} from "@seaworthy/kube";
import { inNamespace } from "../../../objects/in-namespace.ts";
import { mayMeet, type ObjectSet } from "../../../objects/object-set.ts";
import { providerOf } from "../../../objects/references/providers.ts";
import { isUnreadable } from "../../../objects/references/unreadable.ts";
import type { Finding, Rule } from "../../../rule.ts";

/** A certificate that the edge does not find. */
export const tlsSecretMissing: Rule = {
  id: "tls-secret-missing",
  severity: "warning",
  title: "an Ingress or a Gateway names a TLS Secret that is not there",
  why: `The edge serves a certificate of its own in its place, which no browser trusts, or does not listen at all. Secrets or Certificates of
this namespace are among the files, and nothing among them makes this one. A cert-manager annotation at the Ingress counts as making it.`,
  mend: "Correct the name, or add the Certificate that makes the Secret.",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",
    "https://cert-manager.io/docs/usage/ingress/",
  ],
  profile: "default",
  *check(set) {
    for (const manifest of set.of<Ingress>("Ingress", "networking.k8s.io"))
      for (const [index, { secretName }] of (manifest.object.spec.tls ?? []).entries())
        if (secretName !== undefined)
          yield* missing(manifest, manifest.object, ["spec", "tls", index, "secretName"], secretName, set);
    for (const manifest of set.of<Gateway>("Gateway", "gateway.networking.k8s.io"))
      for (const [index, { tls }] of (manifest.object.spec?.listeners ?? []).entries())
        for (const [position, reference] of (tls?.certificateRefs ?? []).entries()) {
          const { group = "", kind = "Secret", name, namespace } = reference;
          if (group !== "" || kind !== "Secret") continue;
          const near = inNamespace(manifest.object, namespace);
          const path = ["spec", "listeners", index, "tls", "certificateRefs", position, "name"];
          yield* missing(manifest, near, path, name, set);
        }
  },
};

function* missing(
  manifest: Manifest,
  near: KubeObject,
  path: Finding["path"],
  name: string | undefined,
  set: ObjectSet,
): Generator<Finding> {
  if (name === undefined) return;
  if (providerOf("Secret", name, near, set) !== undefined || isUnreadable(set, near, "Secret", name)) return;
  const names = [
    ...set
      .of("Secret")
      .filter(({ object }) => object["type"] === "kubernetes.io/tls" && mayMeet(object, near)),
    ...set.of("Certificate", "cert-manager.io").filter(({ object }) => mayMeet(object, near)),
  ].map(
    ({ object }) =>
      (object["spec"] as { readonly secretName?: string } | undefined)?.secretName ?? object.metadata.name,
  );
  if (names.length === 0) return;
  const meant = nearestName(name, names);
  yield {
    manifest,
    path,
    message: `${formatObjectName(manifest.object)} needs TLS Secret ${name}, which nothing in ${set.home} makes`,
    label: meant === undefined ? "there is no such Secret" : `did you mean ${meant}?`,
    seen: [`TLS Secrets that are there or made: ${names.slice(0, 6).join(", ")}`],
    next: [meant === undefined ? `add a Certificate with secretName: ${name}` : `write ${meant}`],
    ...(meant === undefined
      ? {}
      : { fix: { isSafe: false, edits: [{ manifest, path, op: "set", value: meant }] } }),
  };
}
