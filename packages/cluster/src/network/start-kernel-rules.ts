import { networkInterfaces } from "node:os";
import { createInformer, type Informer, type KubeClient } from "@seaworthy/client";
import type { SeaworthyError } from "@seaworthy/errors";
import {
  resourceTypes,
  type Namespace,
  type NetworkPolicy,
  type Node,
  type Pod,
  type Service,
} from "@seaworthy/kube";
import { clusterDnsEndpoint } from "../cluster-dns-address.ts";
import { dialAddress } from "../kernel-network/dial-address.ts";
import { keepRules } from "../kernel-network/keep-rules.ts";
import type { KernelNetwork } from "../kernel-network/kernel-network.ts";
import { machineAddress, machineName, startEgress } from "./egress/start-egress.ts";
import type { EndpointView } from "./endpoints/endpoint-view.ts";
import type { SlicesByService } from "./endpoints/slices-by-service.ts";
import { createUpstream } from "./names/ask-upstream.ts";
import type { NameSources } from "./names/cluster-names.ts";
import { startNameServer } from "./names/start-name-server.ts";
import { hostPortRules, hostPortsOf } from "./pods/host-port-rules.ts";
import { seeEach } from "./pods/see-each.ts";
import { keepPolicyRules } from "./policies/keep-policy-rules.ts";
import { keepServiceRules } from "./services/keep-service-rules.ts";

/** What the rules of the kernel's network are made of. The informers are synced, but for that of policies. */
export interface KernelRulesOptions {
  readonly client: KubeClient;
  readonly network: KernelNetwork;
  readonly services: Informer<Service>;
  readonly slices: SlicesByService;
  readonly view: EndpointView;
  readonly policies: Informer<NetworkPolicy>;
  readonly namespaces: Informer<Namespace>;
  /** Whether pods may connect to the machine that they run on. */
  readonly reachesMachine: boolean;
  readonly onNotice: (text: string) => void;
  readonly onProblem: (error: SeaworthyError) => void;
}

/** Keeps in the kernel's network what pods meet there: Services, policies, host ports, the way out and the names. */
export async function startKernelRules(options: KernelRulesOptions): Promise<AsyncDisposable> {
  const { client, network, services, view, policies, namespaces, reachesMachine, onNotice, onProblem } =
    options;
  await using started = new AsyncDisposableStack();
  const pods = started.use(createInformer<Pod>(client, resourceTypes.pods));
  const nodes = started.use(createInformer<Node>(client, resourceTypes.nodes));
  await Promise.all([policies, pods, nodes].map(async (informer) => await informer.synced));
  const rules = started.use(keepServiceRules({ services, nodes, view, network, onProblem }));
  await rules.settled();
  started.use(keepPolicyRules({ policies, pods, namespaces, nodes, services, network, onProblem }));
  const hostPorts = seeEach(pods, hostPortsOf);
  started.use(
    keepRules({
      make: () => hostPortRules(hostPorts.values().flat()),
      watch: (changed) => [hostPorts.onChange(changed)],
      network,
      onProblem,
    }),
  );
  started.use(await startEgress({ network, reachesMachine, ownAddresses, dial: dialAddress, onNotice }));
  const hosts = new Map(reachesMachine ? [[machineName, machineAddress]] : []);
  const sources = nameSources(services, options.slices, namespaces, hosts);
  const askUpstream = createUpstream();
  started.use(await startNameServer({ network, ip: clusterDnsEndpoint, sources, askUpstream }));
  return started.move();
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address));
}

/** What names are made of, as it is now: CoreDNS hears of a change within milliseconds. */
function nameSources(
  services: Informer<Service>,
  slices: SlicesByService,
  namespaces: Informer<Namespace>,
  hosts: ReadonlyMap<string, string>,
): NameSources {
  return {
    hosts,
    get services() {
      return services.list();
    },
    slicesOf: (namespace, service) => slices.get(`${namespace}/${service}`),
    hasNamespace: (name) => namespaces.get(undefined, name) !== undefined,
  };
}
