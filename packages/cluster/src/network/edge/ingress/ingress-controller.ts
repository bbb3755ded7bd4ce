import { isConflict, isNotFound, type Informer, type KubeClient } from "@seaworthy/client";
import { formatObjectName, resourceTypes, type Ingress, type IngressClass } from "@seaworthy/kube";
import type { EndpointView } from "../../endpoints/endpoint-view.ts";
import type { EdgeRoutes } from "../edge-route.ts";
import type { ProxyBehavior } from "../proxy-behavior.ts";
import { routesOfIngresses } from "./routes-of-ingresses.ts";

/** What the controller needs. */
export interface IngressControllerOptions {
  readonly client: KubeClient;
  readonly ingresses: Informer<Ingress>;
  readonly ingressClasses: Informer<IngressClass>;
  readonly behavior: ProxyBehavior;
  /** Routes change when the edge would take them, not when the object changes. */
  readonly view: EndpointView;
  readonly classNames: readonly string[];
  readonly onRoutes: (routes: EdgeRoutes) => void;
  readonly onNotice: (text: string) => void;
}

/**
 * Turns the Ingress objects of the cluster into routes, and tells them where they are served. Every Ingress is served,
 * whatever class it names.
 */
export function startIngressController(options: IngressControllerOptions): AsyncDisposable {
  const { client, ingresses, view, behavior } = options;
  const noticed = new Set<string>();
  const writing = new Set<Promise<void>>();

  function follow(ingress: Ingress): void {
    const className = classOf(ingress);
    const known =
      className === undefined ||
      options.classNames.includes(className) ||
      options.ingressClasses.get(undefined, className) !== undefined;
    if (!known && !noticed.has(className)) {
      noticed.add(className);
      // Once for a class, however many Ingresses name it.
      options.onNotice(
        `there is no IngressClass ${className} here (${formatObjectName(ingress)} names it): its Ingresses are served as ${options.classNames[0] ?? "any other"} would, and a real cluster needs a controller of that class`,
      );
    }
    const write = writeStatus(client, ingress)
      .catch((error: unknown) => {
        options.onNotice(
          `${formatObjectName(ingress)} is served, but its status cannot be written: ${String(error)}`,
        );
      })
      .finally(() => writing.delete(write));
    writing.add(write);
  }

  const unsubscribe = ingresses.onChange((change) => {
    if (change.type !== "deleted") follow(change.object);
    // A new status is no change of routes, and must not cost the edge a sync.
    if (change.type === "updated" && !rulesDiffer(change.old, change.object)) return;
    view.reload(() => options.onRoutes(routesOfIngresses(ingresses.list(), behavior)));
  });
  return {
    async [Symbol.asyncDispose]() {
      unsubscribe();
      await Promise.all(writing);
    },
  };
}

const address = "127.0.0.1";

/** Where the Ingress can be reached; `kubectl get ingress` shows it as ADDRESS. */
async function writeStatus(client: KubeClient, ingress: Ingress): Promise<void> {
  if (ingress.status?.loadBalancer?.ingress?.[0]?.ip === address) return;
  const { namespace, name } = ingress.metadata;
  const patch = { status: { loadBalancer: { ingress: [{ ip: address }] } } };
  try {
    await client.patch(resourceTypes.ingresses, namespace, name, "merge", patch, "status");
  } catch (error) {
    // Deleted or changed meanwhile: the change that says so comes through the informer.
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}

function rulesDiffer(before: Ingress, after: Ingress): boolean {
  const text = ({ spec, metadata }: Ingress) => JSON.stringify([spec, metadata.annotations]);
  return text(before) !== text(after);
}

/** The annotation is deprecated since 1.18 and still read by every controller, before the field. */
function classOf(ingress: Ingress): string | undefined {
  return ingress.metadata.annotations?.["kubernetes.io/ingress.class"] ?? ingress.spec.ingressClassName;
}
