import { formatObjectName } from "@seaworthy/kube";
import { serviceOf } from "../../../objects/network/backend-service.ts";
import { backendsOf } from "../../../objects/network/backends.ts";
import type { Rule } from "../../../rule.ts";

/** An Ingress or a route to a port that its Service does not have. */
export const backendPort: Rule = {
  id: "backend-port",
  severity: "error",
  title: "a route leads to a port that its Service does not have",
  why: `The edge finds no endpoint for this port and answers 503, while the pods are ready. The port of a backend is the Service's
own \`port\`, or its name, and never the \`targetPort\` or the port of the container.`,
  mend: "Write a port of the Service.",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource",
    "https://gateway-api.sigs.k8s.io/reference/spec/#backendobjectreference",
  ],
  profile: "default",
  peers: { "kube-score": ["ingress-targets-service"], "kube-linter": ["dangling-ingress"] },
  *check(set) {
    for (const backend of backendsOf(set)) {
      const service = serviceOf(backend, set);
      const { ports = [] } = service?.object.spec ?? {};
      const { port, manifest, portPath } = backend;
      if (service === undefined || port === undefined || service.object.spec.type === "ExternalName")
        continue;
      if (ports.some((each) => each.port === port || each.name === port)) continue;
      const { file, line } = service.locate(["spec", "ports"]);
      const isTarget = ports.find((each) => each.targetPort === port);
      const [only] = isTarget === undefined ? ports : [isTarget];
      const value = typeof port === "string" ? only?.name : only?.port;
      const isClear = value !== undefined && (ports.length === 1 || isTarget !== undefined);
      yield {
        manifest,
        path: portPath,
        message: `${formatObjectName(manifest.object)} sends to port ${port} of ${formatObjectName(service.object)}, which has no such port`,
        label: isTarget === undefined ? "the Service has no such port" : "this is the port of the container",
        seen: [
          `${file}:${line} the Service's ports: ${ports.map((each) => (each.name === undefined ? each.port : `${each.name} ${each.port}`)).join(", ")}`,
        ],
        next: [isClear ? `write ${value}` : "write one of the Service's ports"],
        ...(isClear
          ? { fix: { isSafe: false, edits: [{ manifest, path: portPath, op: "set", value }] } }
          : {}),
      };
    }
  },
};
