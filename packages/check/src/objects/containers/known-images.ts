import { imageReference } from "@seaworthy/kube";

/** What is known of an image of Docker Hub that many use. */
export interface KnownImage {
  /** Who it runs as by itself: `root`, or a user by name, of whom the kubelet does not know whether it is root. */
  readonly user?: string;
  /** The number of a user by name. */
  readonly userId?: number;
  /** Directories outside of its volumes that it writes to. */
  readonly writes?: readonly string[];
}

/** What is known of an image, by its name on Docker Hub. */
export function knownImage(image: string | undefined): KnownImage | undefined {
  return known.get(imageReference(image ?? "").name.replace(/^((index\.)?docker\.io\/)?(library\/)?/, ""));
}

/** From the Dockerfiles at https://github.com/docker-library and of the projects themselves. */
const known: ReadonlyMap<string, KnownImage> = new Map([
  ["alpine", { user: "root" }],
  ["busybox", { user: "root" }],
  ["cassandra", { user: "root" }],
  ["debian", { user: "root" }],
  ["haproxy", { user: "haproxy", userId: 99 }],
  ["httpd", { user: "root", writes: ["/usr/local/apache2/logs"] }],
  ["jenkins/jenkins", { user: "jenkins", userId: 1000 }],
  ["mariadb", { user: "root", writes: ["/run/mysqld", "/tmp"] }],
  ["memcached", { user: "memcache", userId: 11211 }],
  ["mongo", { user: "root", writes: ["/tmp"] }],
  ["mysql", { user: "root", writes: ["/run/mysqld", "/tmp"] }],
  ["nginx", { user: "root", writes: ["/var/cache/nginx", "/run"] }],
  ["nginxinc/nginx-unprivileged", { writes: ["/tmp"] }],
  ["node", { user: "root" }],
  ["php", { user: "root" }],
  ["postgres", { user: "root", writes: ["/run/postgresql"] }],
  ["prom/alertmanager", { user: "nobody", userId: 65534 }],
  ["prom/node-exporter", { user: "nobody", userId: 65534 }],
  ["prom/prometheus", { user: "nobody", userId: 65534 }],
  ["prom/statsd-exporter", { user: "nobody", userId: 65534 }],
  ["python", { user: "root" }],
  ["rabbitmq", { user: "root" }],
  ["redis", { user: "root" }],
  ["tomcat", { user: "root" }],
  ["traefik", { user: "root" }],
  ["ubuntu", { user: "root" }],
  ["wordpress", { user: "root" }],
]);
