import { podRule } from "../../../make-rule.ts";
import { offerToRemove } from "../../../fixes.ts";
import { everyContainer, pathInPod } from "../../../objects/containers/security-contexts.ts";
import { standardsSources } from "../standards-sources.ts";

/** A probe or a hook that asks another host than the pod. */
export const probeHost = podRule(
  {
    id: "probe-host",
    severity: "warning",
    title: "a probe or a hook asks another host than the pod",
    why: `With \`host\`, the kubelet asks that host and not the container: the probe says nothing about this pod, and when
the other host fails, every pod here is taken out of service or restarted at once. Since Kubernetes 1.34 the \`baseline\`
level refuses it, because the kubelet could be made to ask what only the node can reach.`,
    mend: `Remove \`host\`: the pod's own address is asked then. For another Host header, set it in \`httpHeaders\`.`,
    sources: standardsSources("hostProbesAndhostLifecycle"),
    profile: "default",
    podSecurity: "baseline",
  },
  function* look(pod) {
    for (const source of everyContainer(pod)) {
      const { name, lifecycle, ...container } = source.container;
      const asked = {
        livenessProbe: container.livenessProbe,
        readinessProbe: container.readinessProbe,
        startupProbe: container.startupProbe,
        "lifecycle.postStart": lifecycle?.postStart,
        "lifecycle.preStop": lifecycle?.preStop,
      };
      for (const [field, handler] of Object.entries(asked)) {
        for (const action of ["httpGet", "tcpSocket"] as const) {
          const host = handler?.[action]?.host;
          if (!host) continue;
          const path = [...pathInPod(source, pod), ...field.split("."), action, "host"];
          yield {
            path,
            message: `the ${field} of container ${name} asks ${host}, and not the container`,
            label: "another host than the pod",
            next: ["remove host, so that the pod itself is asked"],
            fix: offerToRemove(pod, path),
          };
        }
      }
    }
  },
);
