import { formatObjectName, runningContainers, targetPortIn, type NetworkPolicy } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { podsNear } from "../../../objects/pods-near.ts";
import { limits, policiesOf } from "../../../objects/network/policies.ts";
import { servicesOf } from "../../../objects/selecting.ts";

/** A policy that lets the Service's port in, where the pod has another one. */
export const policyServicePort = objectRule<NetworkPolicy>(
  {
    id: "policy-service-port",
    severity: "error",
    title: "a NetworkPolicy lets in the port of the Service, not that of the pod",
    kind: "NetworkPolicy",
    group: "networking.k8s.io",
    why: `A NetworkPolicy sees packets after the Service has translated them: its ports are those of the **pod**. A rule with the Service's port
lets nothing in, and connections time out although policy and Service look as if they belonged together.`,
    mend: "Write the `targetPort`: the container's port, or its name.",
    sources: [
      "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
      "https://github.com/ahmetb/kubernetes-network-policy-recipes/blob/master/09-allow-traffic-only-to-a-port.md",
    ],
    profile: "default",
  },
  function* (manifest, set) {
    const { object } = manifest;
    if (!limits(object, "Ingress")) return;
    const pods = podsNear(object, set).filter((pod) => policiesOf(pod, "Ingress", set).includes(manifest));
    for (const [rule, { ports = [] }] of (object.spec?.ingress ?? []).entries())
      for (const [index, { port, endPort }] of ports.entries()) {
        if (port === undefined || endPort !== undefined || !/^\d+$/.test(String(port))) continue;
        const isOfPod = pods.some(({ spec }) =>
          runningContainers(spec).some(({ ports: declared = [] }) =>
            declared.some(({ containerPort }) => containerPort === Number(port)),
          ),
        );
        if (isOfPod) continue;
        const found = pods
          .flatMap((pod) =>
            servicesOf(pod, set).flatMap((service) =>
              (service.object.spec.ports ?? []).map((each) => ({ pod, service, each })),
            ),
          )
          .find(
            ({ pod, each }) =>
              each.port === Number(port) && (targetPortIn(pod.spec, each) ?? Number(port)) !== Number(port),
          );
        if (found === undefined) continue;
        const target = targetPortIn(found.pod.spec, found.each)!;
        const path = ["spec", "ingress", rule, "ports", index, "port"];
        const { file, line } = found.service.locate(["spec", "ports"]);
        yield {
          path,
          message: `${formatObjectName(object)} lets in port ${port} of ${formatObjectName(found.service.object)}, and the pods have ${target}`,
          label: `the pods have ${target}`,
          seen: [`${file}:${line} the Service sends port ${port} to ${found.each.targetPort}`],
          next: [`port: ${target}`],
          fix: { isSafe: false, edits: [{ manifest, path, op: "set", value: target }] },
        };
      }
  },
);
