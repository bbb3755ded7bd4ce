import type { Answer, Question, SrvAnswer } from "dns-packet";
import type { EndpointSlice, Service } from "@seaworthy/kube";
import { clusterDomain } from "../../cluster-dns-address.ts";

/** What names are made of. */
export interface NameSources {
  readonly services: readonly Service[];
  readonly slicesOf: (namespace: string, service: string) => readonly EndpointSlice[];
  readonly hasNamespace: (name: string) => boolean;
  /** Names with an address of their own, in lower case. */
  readonly hosts?: ReadonlyMap<string, string>;
}

/** The answers to a question: `found`, `absent` (there is no such name), or `elsewhere` (it is not the cluster's to say). */
export type NameAnswer =
  | { readonly kind: "found"; readonly answers: readonly Answer[]; readonly additionals: readonly Answer[] }
  | { readonly kind: "absent" }
  /** `alias` is where an ExternalName Service leads. */
  | { readonly kind: "elsewhere"; readonly alias?: { readonly from: string; readonly to: string } };

/** For how many seconds the cluster's names may be remembered (kubeadm's Corefile). */
export const ttl = 30;

/**
 * Answers a question about the cluster's names, by the rules of Kubernetes' DNS specification 1.1.0
 * (github.com/kubernetes/dns docs/specification.md), and where it leaves a choice, as CoreDNS' kubernetes plugin with
 * `pods insecure`.
 */
export function answerName(question: Question, sources: NameSources): NameAnswer {
  const name = question.name.toLowerCase().replace(/\.$/, "");
  const host = sources.hosts?.get(name);
  if (host !== undefined)
    return question.type === "A"
      ? { kind: "found", answers: [{ type: "A", name: question.name, ttl, data: host }], additionals: [] }
      : none;
  if (name.endsWith(".in-addr.arpa")) return answerAddress(question, name, sources);
  if (name !== clusterDomain && !name.endsWith(`.${clusterDomain}`)) return { kind: "elsewhere" };
  const labels = name.split(".").slice(0, -2).toReversed();
  const [kind, namespace, service, ...more] = labels;
  if (kind === undefined) return none;
  if (kind === "pod") return answerPod(question, labels, sources);
  if (kind !== "svc") return { kind: "absent" };
  if (namespace === undefined) return none;
  if (service === undefined) return sources.hasNamespace(namespace) ? none : { kind: "absent" };
  const found = sources.services.find(
    ({ metadata }) => metadata.name === service && (metadata.namespace ?? "default") === namespace,
  );
  if (found === undefined) return { kind: "absent" };
  return answerService(question, more.toReversed(), found, sources);
}

const none: NameAnswer = { kind: "found", answers: [], additionals: [] };

/** An address that a name leads to: of the Service, or of one of a headless Service's pods, which has a label of its own. */
interface Host {
  readonly ip: string;
  readonly name: string;
  readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol: string }[];
}

function answerService(
  question: Question,
  prefix: readonly string[],
  service: Service,
  sources: NameSources,
): NameAnswer {
  const { type, externalName = "", clusterIP } = service.spec;
  const own = nameOf(service);
  if (type === "ExternalName")
    return prefix.length > 0
      ? { kind: "absent" }
      : { kind: "elsewhere", alias: { from: question.name, to: externalName } };
  const isHeadless = clusterIP === "None" || clusterIP === undefined || clusterIP === "";
  const hosts = isHeadless ? podsOf(service, sources) : [serviceHost(service, own, clusterIP)];
  const [first, second] = prefix;
  if (first?.startsWith("_") === true) {
    if (prefix.length !== 2 || second === undefined) return { kind: "absent" };
    return answerPorts(question, hosts, (port) =>
      first.slice(1) === port.name && second.slice(1) === port.protocol.toLowerCase() ? port : undefined,
    );
  }
  const named =
    first === undefined ? hosts : isHeadless ? hosts.filter(({ name }) => name === `${first}.${own}`) : [];
  if (prefix.length > 1 || named.length === 0) return { kind: "absent" };
  if (question.type === "SRV") return answerPorts(question, named, (port) => port);
  if (question.type !== "A") return none;
  return { kind: "found", answers: addresses(question.name, named), additionals: [] };
}

function answerPorts(
  question: Question,
  hosts: readonly Host[],
  select: (port: Host["ports"][number]) => Host["ports"][number] | undefined,
): NameAnswer {
  const found = hosts.flatMap((host) =>
    host.ports.flatMap((port) => (select(port) === undefined ? [] : [{ host, port: port.port }])),
  );
  if (found.length === 0) return { kind: "absent" };
  if (question.type !== "SRV") return none;
  const weight = Math.max(1, Math.floor(100 / found.length));
  return {
    kind: "found",
    answers: found.map(({ host, port }): SrvAnswer => {
      const data = { priority: 0, weight, port, target: host.name };
      return { type: "SRV", name: question.name, ttl, data };
    }),
    additionals: hosts.map((host) => ({ type: "A", name: host.name, ttl, data: host.ip })),
  };
}

function addresses(name: string, hosts: readonly Host[]): Answer[] {
  return [...new Set(hosts.map(({ ip }) => ip))].map((data) => ({ type: "A", name, ttl, data }));
}

function serviceHost(service: Service, name: string, ip: string): Host {
  const ports = (service.spec.ports ?? []).map((port) => ({
    name: port.name ?? "",
    port: port.port,
    protocol: port.protocol ?? "TCP",
  }));
  return { ip, name, ports };
}

/** The pods that a headless Service leads to. Slices say `ready` of all of them where publishNotReadyAddresses is set. */
function podsOf(service: Service, { slicesOf }: NameSources): Host[] {
  const { namespace = "default", name } = service.metadata;
  return slicesOf(namespace, name)
    .filter(({ addressType }) => addressType === "IPv4")
    .flatMap(({ endpoints = [], ports = [] }) =>
      endpoints
        .filter(({ conditions }) => conditions?.ready !== false)
        .flatMap(({ addresses: ips, hostname }) =>
          ips.map((ip) => ({
            ip,
            name: `${hostname ?? ip.replaceAll(".", "-")}.${nameOf(service)}`,
            ports: ports.flatMap((port) =>
              port.port === undefined
                ? []
                : [{ name: port.name ?? "", port: port.port, protocol: port.protocol ?? "TCP" }],
            ),
          })),
        ),
    );
}

/** `1-2-3-4.namespace.pod.cluster.local` is 1.2.3.4, whether there is such a pod or not. */
function answerPod(question: Question, labels: readonly string[], sources: NameSources): NameAnswer {
  const [, namespace, address, ...more] = labels;
  if (namespace === undefined) return none;
  if (!sources.hasNamespace(namespace)) return { kind: "absent" };
  if (address === undefined) return none;
  const ip = address.replaceAll("-", ".");
  if (more.length > 0 || !/^\d{1,3}(\.\d{1,3}){3}$/.test(ip)) return { kind: "absent" };
  if (question.type !== "A") return none;
  return { kind: "found", answers: [{ type: "A", name: question.name, ttl, data: ip }], additionals: [] };
}

function answerAddress(question: Question, name: string, sources: NameSources): NameAnswer {
  const ip = name.slice(0, -".in-addr.arpa".length).split(".").toReversed().join(".");
  const names = sources.services.flatMap((service) => {
    if (service.spec.clusterIP === ip) return [nameOf(service)];
    if (service.spec.clusterIP !== "None") return [];
    return podsOf(service, sources).flatMap((host) => (host.ip === ip ? [host.name] : []));
  });
  if (names.length === 0) return { kind: "elsewhere" };
  if (question.type !== "PTR") return none;
  const answers = names.map((data): Answer => ({ type: "PTR", name: question.name, ttl, data }));
  return { kind: "found", answers, additionals: [] };
}

function nameOf({ metadata: { name, namespace = "default" } }: Service): string {
  return `${name}.${namespace}.svc.${clusterDomain}`;
}
