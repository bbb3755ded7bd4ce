import type { PodSource } from "../pod-source.ts";
import { imageReference } from "@seaworthy/kube";

/** What is known of an image that many use. */
export interface KnownImage {
  /** Who it runs as by itself: `root`, or a user by name, of whom the kubelet does not know whether it is root. */
  readonly user?: string;
  /** The number of a user by name. */
  readonly userId?: number;
  /** Directories outside of its volumes that it writes to. */
  readonly writes?: readonly string[];
  /** Whether it keeps data of its own, so that a second pod of it would be another database. */
  readonly keepsData?: true;
}

/** Whether a pod is a known database. Two of them would each give clients half of the data. */
export function isDatabase({ containers }: PodSource): boolean {
  return containers.some(({ container }) => knownImage(container.image)?.keepsData === true);
}

/** What is known of an image, by its name on Docker Hub or a public mirror of it, or its whole name elsewhere. */
export function knownImage(image: string | undefined): KnownImage | undefined {
  return known.get(imageReference(image ?? "").name.replace(ofDockerHub, ""));
}

const ofDockerHub =
  /^(?:(?:(?:index\.)?docker\.io|public\.ecr\.aws\/docker|mirror\.gcr\.io)\/)?(?:library\/)?/;

/** From the Dockerfiles at https://github.com/docker-library and of the projects themselves. */
const known: ReadonlyMap<string, KnownImage> = new Map([
  ["alpine", { user: "root" }],
  ["bitnami/mariadb", { keepsData: true }],
  ["bitnami/mongodb", { keepsData: true }],
  ["bitnami/mysql", { keepsData: true }],
  ["bitnami/postgresql", { keepsData: true }],
  ["bitnami/redis", { keepsData: true }],
  ["busybox", { user: "root" }],
  ["cassandra", { user: "root", keepsData: true }],
  ["clickhouse/clickhouse-server", { keepsData: true }],
  ["couchdb", { keepsData: true }],
  ["debian", { user: "root" }],
  ["docker.elastic.co/elasticsearch/elasticsearch", { keepsData: true }],
  ["elasticsearch", { keepsData: true }],
  ["haproxy", { user: "haproxy", userId: 99 }],
  ["httpd", { user: "root", writes: ["/usr/local/apache2/logs"] }],
  ["influxdb", { keepsData: true }],
  ["jenkins/jenkins", { user: "jenkins", userId: 1000 }],
  ["mariadb", { user: "root", writes: ["/run/mysqld", "/tmp"], keepsData: true }],
  ["memcached", { user: "memcache", userId: 11211 }],
  ["minio/minio", { keepsData: true }],
  ["mongo", { user: "root", writes: ["/tmp"], keepsData: true }],
  ["mysql", { user: "root", writes: ["/run/mysqld", "/tmp"], keepsData: true }],
  ["neo4j", { keepsData: true }],
  ["nginx", { user: "root", writes: ["/var/cache/nginx", "/run"] }],
  ["nginxinc/nginx-unprivileged", { writes: ["/tmp"] }],
  ["node", { user: "root" }],
  ["opensearchproject/opensearch", { keepsData: true }],
  ["php", { user: "root" }],
  ["postgres", { user: "root", writes: ["/run/postgresql"], keepsData: true }],
  ["prom/alertmanager", { user: "nobody", userId: 65534 }],
  ["prom/node-exporter", { user: "nobody", userId: 65534 }],
  ["prom/prometheus", { user: "nobody", userId: 65534 }],
  ["prom/statsd-exporter", { user: "nobody", userId: 65534 }],
  ["python", { user: "root" }],
  ["rabbitmq", { user: "root", keepsData: true }],
  ["redis", { user: "root", keepsData: true }],
  ["tomcat", { user: "root" }],
  ["traefik", { user: "root" }],
  ["ubuntu", { user: "root" }],
  ["valkey/valkey", { keepsData: true }],
  ["wordpress", { user: "root" }],
]);
