import type { FieldPath, GatewayRoute, Ingress, IngressBackend, KubeObject, Manifest } from "@seaworthy/kube";
import type { ManifestOf, ObjectSet } from "../object-set.ts";

/** That something routes requests to a port of a Service. */
export interface Backend {
  readonly manifest: Manifest;
  readonly service: string;
  /** Where the name of the Service stands. */
  readonly path: FieldPath;
  /** The namespace of the Service, where it is written with its name. */
  readonly namespace: string | undefined;
  readonly port: number | string | undefined;
  readonly portPath: FieldPath;
}

/** Every Service that an Ingress, a route of the Gateway API, a VirtualService of Istio or an IngressRoute of Traefik sends to. */
export function backendsOf(set: ObjectSet): Backend[] {
  return [
    ...set.of<Ingress>("Ingress", "networking.k8s.io").flatMap(ofIngress),
    ...routeKinds
      .flatMap((kind) => set.of<GatewayRoute>(kind, "gateway.networking.k8s.io"))
      .flatMap(ofGatewayRoute),
    ...set.of<VirtualService>("VirtualService", "networking.istio.io").flatMap(ofVirtualService),
    ...set.of<IngressRoute>("IngressRoute", "traefik.io").flatMap(ofIngressRoute),
  ];
}

/** The kinds of routes whose rules have `backendRefs`. */
export const routeKinds = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"] as const;

interface VirtualService extends KubeObject {
  readonly spec?: Partial<
    Record<
      "http" | "tls" | "tcp",
      {
        readonly route?: {
          readonly destination?: { readonly host?: string; readonly port?: { number?: number } };
        }[];
      }[]
    >
  >;
}

interface IngressRoute extends KubeObject {
  readonly spec?: {
    readonly routes?: {
      readonly services?: {
        readonly name?: string;
        readonly kind?: string;
        readonly namespace?: string;
        readonly port?: number | string;
      }[];
    }[];
  };
}

function ofIngress(manifest: ManifestOf<Ingress>): Backend[] {
  const { defaultBackend, rules = [] } = manifest.object.spec;
  const of = ({ service }: IngressBackend, path: FieldPath): Backend[] =>
    service === undefined
      ? []
      : [
          {
            manifest,
            service: service.name,
            path: [...path, "service", "name"],
            namespace: undefined,
            port: service.port?.name ?? service.port?.number,
            portPath: [...path, "service", "port", service.port?.name === undefined ? "number" : "name"],
          },
        ];
  return [
    ...(defaultBackend === undefined ? [] : of(defaultBackend, ["spec", "defaultBackend"])),
    ...rules.flatMap(({ http }, rule) =>
      (http?.paths ?? []).flatMap(({ backend }, index) =>
        of(backend, ["spec", "rules", rule, "http", "paths", index, "backend"]),
      ),
    ),
  ];
}

function ofGatewayRoute(manifest: ManifestOf<GatewayRoute>): Backend[] {
  return (manifest.object.spec?.rules ?? []).flatMap(({ backendRefs = [] }, rule) =>
    backendRefs.flatMap(({ group = "", kind = "Service", name, namespace, port }, index): Backend[] => {
      if (group !== "" || kind !== "Service" || name === undefined) return [];
      const path = ["spec", "rules", rule, "backendRefs", index];
      return [
        { manifest, service: name, path: [...path, "name"], namespace, port, portPath: [...path, "port"] },
      ];
    }),
  );
}

function ofVirtualService(manifest: ManifestOf<VirtualService>): Backend[] {
  return (["http", "tls", "tcp"] as const).flatMap((protocol) =>
    (manifest.object.spec?.[protocol] ?? []).flatMap(({ route = [] }, rule) =>
      route.flatMap(({ destination }, index): Backend[] => {
        const path = ["spec", protocol, rule, "route", index, "destination"];
        // A short name is a Service of the namespace; hosts outside the cluster have dots, too.
        const [, name, namespace] =
          /^([\w-]+)(?:\.([\w-]+)\.svc(?:\.cluster\.local)?)?$/.exec(destination?.host ?? "") ?? [];
        if (name === undefined) return [];
        const port = destination?.port?.number;
        return [
          {
            manifest,
            service: name,
            path: [...path, "host"],
            namespace,
            port,
            portPath: [...path, "port", "number"],
          },
        ];
      }),
    ),
  );
}

function ofIngressRoute(manifest: ManifestOf<IngressRoute>): Backend[] {
  return (manifest.object.spec?.routes ?? []).flatMap(({ services = [] }, route) =>
    services.flatMap(({ kind = "Service", name, namespace, port }, index): Backend[] => {
      if (name === undefined || kind !== "Service") return [];
      const path = ["spec", "routes", route, "services", index];
      return [
        { manifest, service: name, path: [...path, "name"], namespace, port, portPath: [...path, "port"] },
      ];
    }),
  );
}
