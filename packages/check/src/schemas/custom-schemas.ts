/** The kinds of an API group and their types, in the form of Kubernetes' own schema. */
export interface CustomSchemas {
  /** From `apiVersion/Kind` to the type's name. */
  readonly kinds: Record<string, string>;
  readonly types: Record<string, Record<string, string>>;
}

/** The schemas of a group that many clusters have, read when somebody asks; undefined for any other. */
export async function loadCustomSchemas(group: string): Promise<CustomSchemas | undefined> {
  if (!Object.hasOwn(groups, group)) return undefined;
  const file = await groups[group as keyof typeof groups]();
  return file.default;
}

type SchemaFile = { readonly default: CustomSchemas };

const groups = {
  "acme.cert-manager.io": () =>
    import("./groups/acme.cert-manager.io.generated.json", { with: { type: "json" } }),
  "argoproj.io": () => import("./groups/argoproj.io.generated.json", { with: { type: "json" } }),
  "awspca.cert-manager.io": () =>
    import("./groups/awspca.cert-manager.io.generated.json", { with: { type: "json" } }),
  "cert-manager.io": () => import("./groups/cert-manager.io.generated.json", { with: { type: "json" } }),
  "eventing.keda.sh": () => import("./groups/eventing.keda.sh.generated.json", { with: { type: "json" } }),
  "extensions.istio.io": () =>
    import("./groups/extensions.istio.io.generated.json", { with: { type: "json" } }),
  "external-secrets.io": () =>
    import("./groups/external-secrets.io.generated.json", { with: { type: "json" } }),
  "gateway.networking.k8s.io": () =>
    import("./groups/gateway.networking.k8s.io.generated.json", { with: { type: "json" } }),
  "gateway.networking.x-k8s.io": () =>
    import("./groups/gateway.networking.x-k8s.io.generated.json", { with: { type: "json" } }),
  "generators.external-secrets.io": () =>
    import("./groups/generators.external-secrets.io.generated.json", { with: { type: "json" } }),
  "install.istio.io": () => import("./groups/install.istio.io.generated.json", { with: { type: "json" } }),
  "keda.sh": () => import("./groups/keda.sh.generated.json", { with: { type: "json" } }),
  "monitoring.coreos.com": () =>
    import("./groups/monitoring.coreos.com.generated.json", { with: { type: "json" } }),
  "networking.istio.io": () =>
    import("./groups/networking.istio.io.generated.json", { with: { type: "json" } }),
  "policy.cert-manager.io": () =>
    import("./groups/policy.cert-manager.io.generated.json", { with: { type: "json" } }),
  "security.istio.io": () => import("./groups/security.istio.io.generated.json", { with: { type: "json" } }),
  "telemetry.istio.io": () =>
    import("./groups/telemetry.istio.io.generated.json", { with: { type: "json" } }),
  "traefik.io": () => import("./groups/traefik.io.generated.json", { with: { type: "json" } }),
  "trust-manager.io": () => import("./groups/trust-manager.io.generated.json", { with: { type: "json" } }),
  "trust.cert-manager.io": () =>
    import("./groups/trust.cert-manager.io.generated.json", { with: { type: "json" } }),
} satisfies Record<string, () => Promise<SchemaFile>>;
