import { createInformer, type Informer, type KubeClient } from "@seaworthy/client";
import type { SeaworthyError } from "@seaworthy/errors";
import {
  resourceTypes,
  type CustomResourceDefinition,
  type EndpointSlice,
  type Ingress,
  type IngressClass,
  type Namespace,
  type NetworkPolicy,
  type Secret,
  type Service,
} from "@seaworthy/kube";
import type { Clock } from "../clock.ts";
import { noPolicies } from "../machine/find-gaps.ts";
import { seededRandom, type Random } from "../random.ts";
import { indexSlices } from "./endpoints/slices-by-service.ts";
import { certificatesOfIngresses, createEdgeCertificates } from "./edge/edge-certificates.ts";
import { createEdgeRouter } from "./edge/pods/edge-router.ts";
import { createEndpointView } from "./endpoints/endpoint-view.ts";
import { tellOfView, type SeenEndpoint } from "./endpoints/tell-of-view.ts";
import type { UpstreamFailure } from "./edge/exchange.ts";
import { startGatewayController } from "./edge/gateway/gateway-controller.ts";
import type { EdgeRoutes } from "./edge/edge-route.ts";
import { startIngressController } from "./edge/ingress/ingress-controller.ts";
import { startEdgeProxy, type EdgeProxy } from "./edge/edge-proxy.ts";
import { sharing } from "./edge/listen-together.ts";
import { createRouteTable } from "./edge/route-table.ts";
import { startKernelRules } from "./start-kernel-rules.ts";
import { startNodePorts } from "./services/node-port.ts";
import type { KernelNetwork } from "../kernel-network/kernel-network.ts";
import type { PodNetwork } from "../pod-network.ts";
import type { Profile } from "../profiles.ts";
import { createServiceForwards } from "./services/service-forwards.ts";
import { createServiceRouter, type ServiceRouter } from "./services/service-router.ts";

/** The running data plane of a cluster. */
export interface Network extends ServiceRouter, AsyncDisposable {
  readonly ingressPort: number;
  readonly ingressUrl: string;
  readonly ingressTlsPort: number;
  /** The node ports that are open on 127.0.0.1. `service` is `namespace/name`. */
  nodePorts(): readonly { readonly service: string; readonly port: number; readonly nodePort: number }[];
  /**
   * A command that enters the network of the nodes and becomes the command that follows it; the Ingress then has its ports on
   * 127.0.0.1 there, too. Undefined where there is no such network, or where one of the ports is taken in it.
   */
  enter(): Promise<readonly string[] | undefined>;
  /** Restarts what serves Ingresses and Gateways, and waits until the old process is gone. Absent where nobody can. */
  readonly restartEdge: EdgeProxy["restart"];
  /** Opens a port on 127.0.0.1 that leads to a Service's port, and gives its number. */
  forwardService(namespace: string, name: string, port: number | string): Promise<number>;
}

/** What the data plane needs. */
export interface NetworkOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly podNetwork: PodNetwork;
  /** The kernel's network, where pods have one: then Services are rules in it, for pods to use. */
  readonly kernelNetwork?: KernelNetwork | undefined;
  /** Whether pods may connect to the machine that they run on. Default false. */
  readonly reachesMachine?: boolean;
  readonly profile: Profile;
  /** Port of the Ingress on 127.0.0.1; 0 for any. */
  readonly ingressPort: number;
  /** Port of the Ingress in TLS on 127.0.0.1; 0 for any. */
  readonly ingressTlsPort: number;
  /** Whether Services and the edge are to hear of endpoints at once for now. Default: never. */
  readonly isHurried?: (() => boolean) | undefined;
  readonly onProblem: (error: SeaworthyError) => void;
  readonly onNotice?: (text: string) => void;
  /** Each change of what a part of the data plane takes for the ready endpoints of a Service. */
  readonly onEndpointSeen?: ((seen: SeenEndpoint) => void) | undefined;
  /** Every try that a pod did not answer, also those that a retry has made good. */
  readonly onUpstreamFailure?: (failure: UpstreamFailure) => void;
}

/** Starts Services, node ports and the Ingress over the API's Services, EndpointSlices and Ingresses. */
export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const { client, clock, podNetwork, profile, isHurried = () => false, onNotice = () => {} } = options;
  // A sequence of its own: what other parts draw must not change what the network does.
  const seed = Math.floor(options.random() * 2 ** 32);
  const random = seededRandom(seed);
  await using started = new AsyncDisposableStack();
  const services = started.use(createInformer<Service>(client, resourceTypes.services));
  const slices = started.use(createInformer<EndpointSlice>(client, resourceTypes.endpointslices));
  const ingresses = started.use(createInformer<Ingress>(client, resourceTypes.ingresses));
  const ingressClasses = started.use(createInformer<IngressClass>(client, resourceTypes.ingressclasses));
  const secrets = started.use(createInformer<Secret>(client, resourceTypes.secrets));
  const namespaces = started.use(createInformer<Namespace>(client, resourceTypes.namespaces));
  const definitions = started.use(
    createInformer<CustomResourceDefinition>(client, resourceTypes.customresourcedefinitions),
  );
  await Promise.all(
    [services, slices, ingresses, ingressClasses, secrets, namespaces, definitions].map(
      async (informer) => await informer.synced,
    ),
  );

  const serviceView = started.use(
    createEndpointView({ propagation: profile.service, workers: 1, clock, random, isHurried }),
  );
  const edgeView = started.use(
    createEndpointView({
      propagation: profile.edge,
      workers: profile.proxy.workers,
      clock,
      random,
      isHurried,
    }),
  );
  const slicesByService = started.use(indexSlices(slices));
  slicesByService.feed(serviceView);
  slicesByService.feed(edgeView);
  if (options.onEndpointSeen !== undefined) {
    const of = { clock, tell: options.onEndpointSeen };
    slicesByService.feed(tellOfView(serviceView, { ...of, by: "services", workers: 1 }));
    slicesByService.feed(tellOfView(edgeView, { ...of, by: "edge", workers: profile.proxy.workers }));
  }

  const policies = started.use(createInformer<NetworkPolicy>(client, resourceTypes.networkpolicies));
  if (options.kernelNetwork === undefined) started.defer(tellOfPolicies(policies, onNotice));
  else {
    const { kernelNetwork: network, reachesMachine = false, onProblem } = options;
    started.use(
      await startKernelRules({
        client,
        network,
        services,
        slices: slicesByService,
        view: serviceView,
        policies,
        namespaces,
        reachesMachine,
        onNotice,
        onProblem,
      }),
    );
  }
  const router = createServiceRouter({ services, view: serviceView, podNetwork, clock, random });
  const nodePorts = started.use(startNodePorts({ services, router, onProblem: options.onProblem }));
  const forwards = started.use(createServiceForwards(router));
  const edgeRoutes: { ingress: EdgeRoutes; gateway: EdgeRoutes } = { ingress: noRoutes, gateway: noRoutes };
  let routes = createRouteTable();
  const take = (changed: Partial<typeof edgeRoutes>) => {
    Object.assign(edgeRoutes, changed);
    routes = createRouteTable(edgeRoutes.ingress, edgeRoutes.gateway);
  };
  started.use(
    startIngressController({
      client,
      ingresses,
      ingressClasses,
      view: edgeView,
      behavior: profile.proxy,
      classNames: profile.name === "instant" ? everyClass : profile.proxy.classNames,
      onRoutes: (ingress) => take({ ingress }),
      onNotice,
    }),
  );
  const gateways = started.use(
    startGatewayController({
      client,
      clock,
      definitions,
      services,
      namespaces,
      secrets,
      view: edgeView,
      behavior: profile.proxy,
      onRoutes: (gateway) => take({ gateway }),
      onNotice,
    }),
  );
  const proxy = started.use(
    await startEdgeProxy({
      port: options.ingressPort,
      tlsPort: options.ingressTlsPort,
      certificates: createEdgeCertificates({
        named: () => [...certificatesOfIngresses(ingresses.list()), ...gateways.certificates()],
        secrets,
        onNotice,
      }),
      behavior: profile.proxy,
      propagation: profile.service,
      random: seededRandom(seed + 1),
      routes: () => routes,
      router: createEdgeRouter({ services, view: edgeView, random }),
      podNetwork,
      clock,
      onFailure: options.onUpstreamFailure ?? (() => {}),
    }),
  );

  const resources = started.move();
  let entered: Promise<readonly string[] | undefined> | undefined;
  return {
    ingressPort: proxy.port,
    ingressUrl: `http://127.0.0.1:${proxy.port}`,
    ingressTlsPort: proxy.tlsPort,
    chooseEndpoint: (...args) => router.chooseEndpoint(...args),
    dialService: (...args) => router.dialService(...args),
    leadToService: (...args) => router.leadToService(...args),
    enter: () => (entered ??= enterNodes(options.kernelNetwork, proxy, resources)),
    nodePorts: () => nodePorts.list(),
    restartEdge: proxy.restart,
    forwardService: (namespace, name, port) => forwards.open(namespace, name, port),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Listens in the network of the nodes only when somebody wants to go there: otherwise the ports are their pods' own. */
async function enterNodes(
  network: KernelNetwork | undefined,
  edge: EdgeProxy,
  resources: AsyncDisposableStack,
): Promise<readonly string[] | undefined> {
  if (network === undefined) return undefined;
  try {
    const ports = [
      { port: edge.port, which: "bare" },
      { port: edge.tlsPort, which: "secure" },
    ] as const;
    for (const { port, which } of ports.flatMap((each) => Array.from({ length: sharing }, () => each))) {
      const server = await network.listen("127.0.0.1", port, { isShared: true });
      resources.defer(() => void server.close());
      server.on("connection", (socket) => edge.accept(socket, which));
    }
  } catch {
    return undefined;
  }
  return network.enter;
}

/** Says once, at the first NetworkPolicy, that it is not in force. */
function tellOfPolicies(policies: Informer<NetworkPolicy>, onNotice: (text: string) => void): () => void {
  let isTold = false;
  return policies.onChange(() => {
    if (!isTold) onNotice(noPolicies);
    isTold = true;
  });
}

const noRoutes: EdgeRoutes = { routes: [], fallback: undefined };

/** The class names of all profiles: with instant propagation no controller in particular is meant. */
const everyClass = ["nginx", "contour", "traefik", "alb", "gce", "azure-application-gateway"];
