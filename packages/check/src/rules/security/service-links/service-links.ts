import { formatObjectName, type Service } from "@seaworthy/kube";
import { podRule } from "../../../make-rule.ts";
import { near } from "../../../objects/near.ts";
import { offerToSet } from "../../../fixes.ts";

/** A pod that gets variables for every Service of its namespace. */
export const serviceLinks = podRule(
  {
    id: "service-links",
    severity: "advice",
    title: "a pod gets variables for every Service of its namespace",
    why: `For a Service called \`redis\`, every container in its namespace gets \`REDIS_PORT=tcp://10.0.0.1:6379\`, as Docker
links once did. A program that reads \`REDIS_PORT\` and expects a number then fails, on the day when somebody adds a Service of
that name; and with thousands of Services, containers do not start at all.`,
    mend: `\`enableServiceLinks: false\`. Services are found by DNS. An old program that reads \`…_SERVICE_HOST\` of its
neighbours needs the variables; those of the Service \`kubernetes\` stay in any case.`,
    sources: [
      "https://kubernetes.io/docs/tutorials/services/connect-applications-service/#accessing-the-service",
      "https://github.com/actualbudget/actual/issues/4920",
      "https://github.com/yuzutech/kroki/issues/576",
      "https://github.com/searxng/searxng/issues/5934",
    ],
    profile: "strict",
  },
  function* look(pod, set) {
    if (pod.spec.enableServiceLinks === false) return;
    const service = near<Service>(set, pod.manifest.object, "Service").find(
      ({ object }) => object.spec.clusterIP !== "None",
    );
    if (service === undefined) return;
    const variable = `${service.object.metadata.name.toUpperCase().replaceAll("-", "_")}_PORT`;
    const path = ["spec", "enableServiceLinks"];
    const { file, line } = service.locate(["metadata", "name"]);
    yield {
      path,
      message: `the containers get a variable ${variable}=tcp://… for ${formatObjectName(service.object)}, and more for each other Service`,
      label: "enableServiceLinks is not false",
      seen: [`${file}:${line} names the Service`],
      next: ["enableServiceLinks: false"],
      fix: offerToSet(pod, path, false),
    };
  },
);
