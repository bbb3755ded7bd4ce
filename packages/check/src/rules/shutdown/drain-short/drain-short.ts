import { preStopOf, propagationSeconds, type Ingress, type KubeObject } from "@seaworthy/kube";
import { containerRule } from "../../../make-rule.ts";
import { hookPath } from "../../../objects/containers/hook-path.ts";
import { edgesOf } from "../../../objects/network/edges-of.ts";
import { servingContainers } from "../../../objects/containers/serving.ts";
import { ownDrainSeconds } from "../own-drain.ts";

/** A preStop hook that waits less long than those who route to the pod need to hear of its end. */
export const drainShort = containerRule(
  {
    id: "drain-short",
    severity: "advice",
    title: "a preStop hook waits too short",
    why: `The hook is there so that nobody sends requests any more when the container gets SIGTERM. Proxies in the cluster
hear of an ended pod within a second or a few; load balancers of a cloud that send to pods by themselves took 30 to 40 s.`,
    mend: `Wait 5 s, and 30 s or more where a load balancer of the cloud sends to pods by itself; then raise
\`terminationGracePeriodSeconds\` as well.`,
    sources: [
      "https://github.com/kubernetes/ingress-gce/issues/769",
      "https://github.com/Azure/application-gateway-kubernetes-ingress/issues/75",
      "https://github.com/mattrobinsonsre/terrapod/pull/222",
    ],
    profile: "strict",
    losesRequests: true,
  },
  function* look(source, pod, set) {
    const { container, path } = source;
    const hook = preStopOf(container);
    if (hook?.seconds === undefined || !servingContainers(pod, set).some((each) => each.path === path))
      return;
    const edge = edgesOf(pod, set).find(isOfCloud);
    const needed = edge === undefined ? propagationSeconds : cloudSeconds;
    if (hook.seconds >= needed || hook.seconds + ownDrainSeconds(source, pod, set) >= needed) return;
    const sender = edge === undefined ? "proxies" : `the load balancer of ${edge.kind} ${edge.metadata.name}`;
    yield {
      path: hookPath(hook),
      message: `container ${container.name} waits ${hook.seconds} s for requests to stop, and ${sender} may need ${needed} s`,
      label: `waits ${hook.seconds} s`,
      next: [`let the hook wait ${needed} s`],
    };
  },
);

const cloudSeconds = 30;

/** Whether the load balancer of a cloud sends to the pods themselves, and not through the cluster's own proxies. */
function isOfCloud(edge: KubeObject): boolean {
  const { ingressClassName = edge.metadata.annotations?.["kubernetes.io/ingress.class"] } =
    (edge as Ingress).spec ?? {};
  return ingressClassName !== undefined && /^(alb|gce|azure)/.test(ingressClassName);
}
