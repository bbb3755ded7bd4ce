import type { Ingress } from "@seaworthy/kube";
import type { FrontRule } from "./front-rule.ts";

const nginx = "nginx.ingress.kubernetes.io";

/**
 * The rules of Ingresses, path by path. What ingress-nginx only redirects leads to no pod; and a canary is no path of its own, but
 * has a share of another's.
 */
export function ingressRules(ingresses: readonly Ingress[]): FrontRule[] {
  const says = (name: string, { metadata }: Ingress) => metadata.annotations?.[`${nginx}/${name}`];
  const isCanary = (ingress: Ingress) => says("canary", ingress) === "true";
  const leading = ingresses.filter(
    (each) => says("permanent-redirect", each) === undefined && says("temporal-redirect", each) === undefined,
  );
  const canaries = leading.filter(isCanary).flatMap((ingress) => rulesOf(ingress, ingresses));
  return leading
    .filter((ingress) => !isCanary(ingress))
    .flatMap((ingress) => rulesOf(ingress, ingresses))
    .map((rule) => ({
      ...rule,
      besides: canaries.filter(isShareOf(rule)).map(({ service }) => service!.name),
    }));
}

function isShareOf({ host, pattern, namespace }: FrontRule) {
  return (canary: FrontRule) =>
    canary.service !== undefined &&
    canary.host === host &&
    canary.pattern === pattern &&
    canary.namespace === namespace;
}

function rulesOf(ingress: Ingress, all: readonly Ingress[]): FrontRule[] {
  const { metadata, spec } = ingress;
  const annotations = metadata.annotations ?? {};
  const paths = (spec.rules ?? []).flatMap((rule) =>
    (rule.http?.paths ?? []).map((path) => ({ host: rule.host === "" ? undefined : rule.host, path })),
  );
  const fallback = spec.defaultBackend;
  if (paths.length === 0 && fallback !== undefined)
    paths.push({ host: undefined, path: { path: "/", pathType: "Prefix", backend: fallback } });
  return paths.map(({ host, path }) => {
    const { service } = path.backend;
    return {
      label: `Ingress ${host ?? metadata.name}${path.path ?? "/"}`,
      namespace: metadata.namespace ?? "default",
      host,
      hasTls: hasTls(ingress, host, all),
      isGrpc: /^GRPCS?$/i.test(annotations[`${nginx}/backend-protocol`] ?? ""),
      service: service === undefined ? undefined : { name: service.name, port: service.port ?? {} },
      appRoot: annotations[`${nginx}/app-root`],
      besides: [],
      pattern: path.path ?? "/",
      pathType: path.pathType,
      rewrite: annotations[`${nginx}/rewrite-target`],
      usesRegex: annotations[`${nginx}/use-regex`] === "true",
    };
  });
}

/**
 * A host has TLS by whichever Ingress says so, by its name or by a wildcard; an entry without hosts means those of its rules.
 * Where ingress-nginx is told to redirect to HTTPS in any case, nothing else is of use.
 */
function hasTls({ metadata }: Ingress, host: string | undefined, all: readonly Ingress[]): boolean {
  if (metadata.annotations?.[`${nginx}/force-ssl-redirect`] === "true") return true;
  if (host === undefined) return false;
  const names = [host, host.replace(/^[^.]+/, "*")];
  return all.some(({ spec: { tls = [], rules = [] } }) =>
    tls.some(({ hosts }) =>
      hosts === undefined
        ? rules.some((rule) => rule.host === host)
        : hosts.some((name) => names.includes(name)),
    ),
  );
}
