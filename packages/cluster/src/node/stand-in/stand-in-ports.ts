import {
  portNumber,
  serviceSelectsPod,
  type Container,
  type Pod,
  type Probe,
  type Service,
} from "@seaworthy/kube";

/** A port that a stand-in opens. On one that speaks `nothing` it takes connections, and ends them at the first byte. */
export interface StandInPort {
  readonly port: number;
  readonly speaks: "http" | "nothing";
}

/**
 * The ports that a stand-in opens: those that its container declares or its probes ask. It speaks HTTP there unless something
 * says that the app does not, because an app that is not here cannot be asked. A Service opens none: it may select the wrong pods.
 */
export function standInPorts(pod: Pod, container: Container, services: readonly Service[]): StandInPort[] {
  const declared = (container.ports ?? []).filter(({ protocol = "TCP" }) => protocol === "TCP");
  const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe].filter(
    (probe) => probe !== undefined,
  );
  const numberOf = (port: number | string) => portNumber(port, [{ ...container, ports: declared }]) ?? 0;
  const probed = (action: (probe: Probe) => number | string | undefined) =>
    new Set(probes.map((probe) => numberOf(action(probe) ?? 0)));
  const byHttp = probed((probe) => probe.httpGet?.port);
  const byGrpc = probed((probe) => probe.grpc?.port);
  const all = new Set([
    ...declared.map(({ containerPort }) => containerPort),
    ...byHttp,
    ...byGrpc,
    ...probed((probe) => probe.tcpSocket?.port),
  ]);
  const ofServices = services
    .filter((service) => serviceSelectsPod(service, pod))
    .flatMap((service) => service.spec.ports ?? []);
  return [...all]
    .filter((port) => Number.isInteger(port) && port > 0)
    .map((port) => {
      const words = [
        ...declared.filter(({ containerPort }) => containerPort === port).map(({ name }) => name),
        ...ofServices
          .filter((each) => numberOf(each.targetPort ?? each.port) === port)
          .flatMap(({ name, appProtocol }) => [name, appProtocol]),
      ];
      const isOther =
        byGrpc.has(port) || otherPorts.has(port) || words.some((word) => otherNames.test(word ?? ""));
      return { port, speaks: isOther && !byHttp.has(port) ? "nothing" : "http" };
    });
}

/** What ports are called that speak something else than plain HTTP/1.1, alone or as one part of a name. */
const otherNames =
  /(?:^|[-/])(?:https|tls|ssl|tcp|udp|grpcs?(?!-web)|h2c?|mysql|mariadb|postgres(?:ql)?|psql|pg|redis|mongo(?:db)?|amqps?|kafka|mqtts?|nats|memcached?|ldaps?|smtps?|imaps?|dns|ssh|s?ftp|zookeeper|cassandra|cql)(?:-|$)/i;

/** Well-known ports of the same, for those without a name: https://www.iana.org/assignments/service-names-port-numbers */
const otherPorts = new Set([
  22, 25, 53, 389, 443, 465, 587, 636, 1433, 1521, 1883, 2181, 3306, 4222, 5432, 5672, 6379, 8443, 9042, 9092,
  11211, 27017, 50051,
]);
