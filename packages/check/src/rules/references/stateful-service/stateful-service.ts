import { formatObjectName, serviceSelects, type Service, type StatefulSet } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { near } from "../../../objects/near.ts";
import { isUnreadable } from "../../../objects/references/unreadable.ts";

/** A StatefulSet whose pods have no names of their own. */
export const statefulService = objectRule<StatefulSet>(
  {
    id: "stateful-service",
    severity: "warning",
    title: "a StatefulSet's headless Service is missing or is another one",
    kind: "StatefulSet",
    group: "apps",
    why: `Pods of a StatefulSet have names like \`queue-0.queue\` only through a headless Service (\`clusterIP: None\`) that selects them
and that \`serviceName\` names. Without it these names do not resolve: members of a cluster do not find each other, and clients that were
given the names fail.`,
    mend: "Add a Service with `clusterIP: None` and the labels of the pods, and name it in `serviceName`.",
    sources: ["https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id"],
    profile: "default",
    peers: { "kube-score": ["statefulset-has-servicename"] },
  },
  function* (manifest, set) {
    const { object } = manifest;
    const { serviceName = "", template } = object.spec;
    const services = near<Service>(set, object, "Service");
    const selecting = services.filter((each) => serviceSelects(each.object, template.metadata?.labels));
    const headless = selecting.find((each) => each.object.spec.clusterIP === "None")?.object.metadata.name;
    const path = ["spec", "serviceName"];
    const name = formatObjectName(object);
    const fix =
      headless === undefined
        ? {}
        : { fix: { isSafe: false, edits: [{ manifest, path, op: "set" as const, value: headless }] } };
    const next = [headless === undefined ? "add a Service with clusterIP: None" : `serviceName: ${headless}`];
    if (serviceName === "") {
      yield {
        path,
        message: `${name} names no Service, so its pods have no names`,
        label: "serviceName is missing",
        next,
        ...fix,
      };
      return;
    }
    if (services.length === 0 || isUnreadable(set, object, "Service", serviceName)) return;
    const service = services.find((each) => each.object.metadata.name === serviceName);
    if (service === undefined) {
      yield {
        path,
        message: `${name} names Service ${serviceName}, which is not in ${set.home}`,
        label: headless === undefined ? "there is no such Service" : `did you mean ${headless}?`,
        next,
        ...fix,
      };
      return;
    }
    const { file, line } = service.locate(["spec"]);
    const isHeadless = service.object.spec.clusterIP === "None";
    // A single pod needs no name of its own, when the Service leads to it.
    if (selecting.includes(service) && (isHeadless || (object.spec.replicas ?? 1) < 2)) return;
    yield {
      path,
      message: `the pods of ${name} have no names, because Service ${serviceName} ${isHeadless ? "does not select them" : "is not headless"}`,
      label: isHeadless ? "it selects other pods" : "it has an address of its own",
      seen: [`${file}:${line} Service ${serviceName}`],
      next: [
        isHeadless
          ? `let Service ${serviceName} select the labels of the pods`
          : headless === undefined
            ? "name a second Service here, with clusterIP: None and the same selector"
            : `serviceName: ${headless}`,
      ],
      ...fix,
    };
  },
);
