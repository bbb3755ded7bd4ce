import { formatObjectName, type Namespace, type Service } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { mayMeet, type ObjectSet } from "../../../objects/object-set.ts";
import { podsOf } from "../../../objects/selecting.ts";

/** A port in a mesh that does not say what is spoken there. */
export const meshPortProtocol = objectRule<Service>(
  {
    id: "mesh-port-protocol",
    severity: "warning",
    title: "a Service in an Istio mesh does not say which protocol a port speaks",
    kind: "Service",
    why: `Istio takes the protocol from \`appProtocol\` or from the beginning of the port's name: \`http\`, \`http-web\`, \`grpc-api\`. Otherwise
it guesses from the first bytes, which fails for protocols in which the server speaks first, and what it takes for plain TCP has no
routes, no retries and no metrics of HTTP.`,
    mend: "Write `appProtocol: http`, or let the name of the port begin with its protocol.",
    sources: ["https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/"],
    profile: "default",
  },
  function* (manifest, set) {
    const { spec } = manifest.object;
    if (spec.type === "ExternalName" || !isInMesh(manifest.object, set)) return;
    const injected = podsOf(manifest, set);
    if (injected.some(({ labels }) => labels["sidecar.istio.io/inject"] === "false")) return;
    for (const [index, { name = "", port, appProtocol, protocol = "TCP" }] of (spec.ports ?? []).entries()) {
      if (appProtocol !== undefined || protocol !== "TCP" || known.test(name)) continue;
      yield {
        path: ["spec", "ports", index, name === "" ? "port" : "name"],
        message: `${formatObjectName(manifest.object)} does not tell the mesh what port ${name || port} speaks`,
        label: name === "" ? "has no name" : "begins with no protocol",
        next: ["appProtocol: http, or tcp where it is something else"],
      };
    }
  },
);

const known = /^(?:http|http2|https|tcp|tls|grpc|grpc-web|mongo|mysql|redis|udp)(?:-|$)/;

function isInMesh(service: Service, set: ObjectSet): boolean {
  const isNamed = set
    .of<Namespace>("Namespace")
    .some(
      ({ object }) =>
        object.metadata.name === service.metadata.namespace &&
        (object.metadata.labels?.["istio-injection"] === "enabled" ||
          object.metadata.labels?.["istio.io/rev"] !== undefined),
    );
  const routes = ["VirtualService", "DestinationRule"].flatMap((kind) => set.of(kind, "networking.istio.io"));
  return isNamed || routes.some(({ object }) => mayMeet(object, service));
}
