import { targetPortIn, type Container, type Service, type ServicePort } from "@seaworthy/kube";
import type { ManifestOf } from "../object-set.ts";
import type { PodSource } from "../pod-source.ts";

/** A probe of the port through which Services reach a container, by what is spoken there, to be written and corrected. */
export function usualProbe(
  { ports = [] }: Container,
  pod: PodSource,
  services: readonly ManifestOf<Service>[],
): string {
  const reached = services
    .flatMap(({ object }) => object.spec.ports ?? [])
    .map((port) => ({ port, number: targetPortIn(pod.spec, port) }))
    .find(({ number }) => ports.some(({ containerPort }) => containerPort === number));
  const number = reached?.number ?? ports[0]?.containerPort ?? 8080;
  const declared = ports.find(({ containerPort }) => containerPort === number);
  return `{${actionOf(number, protocolOf(number, reached?.port, declared?.name))}, periodSeconds: 5}`;
}

function actionOf(port: number, protocol: Protocol): string {
  if (protocol === "grpc") return `grpc: {port: ${port}}`;
  if (protocol === "tcp") return `tcpSocket: {port: ${port}}`;
  return `httpGet: {path: /readyz, port: ${port}${protocol === "https" ? ", scheme: HTTPS" : ""}}`;
}

type Protocol = "http" | "https" | "grpc" | "tcp";

/** Names of ports begin or end with what they speak, by Istio's convention, and databases keep to their numbers. */
function protocolOf(number: number, port: ServicePort | undefined, declared: string | undefined): Protocol {
  const names = [port?.appProtocol, port?.name, declared].map((name) => (name ?? "").toLowerCase());
  const speaks = (protocol: RegExp) => names.some((name) => protocol.test(name));
  if (speaks(/(?:^|[-/])grpcs?(?!-web)(?:-|$)/)) return "grpc";
  if (speaks(/(?:^|-)https(?:-|$)/)) return "https";
  if (speaks(/(?:^|-)http2?(?:-|$)/)) return "http";
  return speaks(otherThanHttp) || databasePorts.has(number) ? "tcp" : "http";
}

const otherThanHttp =
  /(?:^|-)(?:tcp|tls|redis|valkey|mongo|mongodb|mysql|postgres|postgresql|amqp|amqps|kafka|nats|memcached?)(?:-|$)/;

/** PostgreSQL, MySQL, Redis, MongoDB, AMQP, Kafka, NATS, memcached, Cassandra: https://www.iana.org/assignments/service-names-port-numbers */
const databasePorts: ReadonlySet<number> = new Set([
  5432, 3306, 6379, 27017, 5672, 5671, 9092, 4222, 11211, 9042,
]);
