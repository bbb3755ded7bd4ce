/** Where a webhook is: a Service of the cluster, or a URL. */
export interface ClientConfig {
  readonly url?: string;
  readonly service?: {
    readonly name: string;
    readonly namespace: string;
    readonly path?: string;
    readonly port?: number;
  };
  /** PEM in base64; the machine's own authorities when absent. */
  readonly caBundle?: string;
}

/** The URL by which a webhook is called and named in messages, without its query. A Service's host is its name. */
export function urlOf({ url, service }: ClientConfig): URL {
  if (service === undefined) {
    if (url === undefined) throw new Error("webhook configuration must have either service or URL");
    return new URL(url);
  }
  const { name, namespace, port = defaultPort, path = "/" } = service;
  return new URL(path, `https://${name}.${namespace}.svc:${port}`);
}

/** The URL as Go prints it: with the port, also where it is the one of HTTPS, if it is a Service's. */
export function printUrl({ service }: ClientConfig, { hostname, host, pathname, search }: URL): string {
  const place = service === undefined ? host : `${hostname}:${service.port ?? defaultPort}`;
  return `https://${place}${pathname}${search}`;
}

/** The port of a Service whose webhook names none. */
export const defaultPort = 443;
