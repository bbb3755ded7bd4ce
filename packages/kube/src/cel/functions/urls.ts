import type { Environment } from "@marcbachmann/cel-js";

/** Kubernetes' URL library: absolute URLs, and paths that begin with a slash. */
export function registerUrls(environment: Environment): void {
  class Url {
    readonly url: URL;
    readonly isPath: boolean;
    constructor(url: URL, isPath: boolean) {
      this.url = url;
      this.isPath = isPath;
    }
    of(read: (url: URL) => string): string {
      return this.isPath ? "" : read(this.url);
    }
  }
  environment
    .registerType("Url", { ctor: Url, fields: {} })
    .registerFunction("url(string): Url", (text: string) => {
      const url = parse(text);
      if (url === undefined)
        throw new TypeError(
          `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
        );
      return new Url(url, text.startsWith("/"));
    })
    .registerFunction("isURL(string): bool", (text: string) => parse(text) !== undefined)
    .registerFunction("Url.getScheme(): string", (url: Url) =>
      url.of(({ protocol }) => protocol.slice(0, -1)),
    )
    .registerFunction("Url.getHost(): string", (url: Url) => url.of(({ host }) => host))
    .registerFunction("Url.getHostname(): string", (url: Url) =>
      url.of(({ hostname }) => hostname.replace(/^\[(.*)\]$/, "$1")),
    )
    .registerFunction("Url.getPort(): string", (url: Url) => url.of(({ port }) => port))
    .registerFunction("Url.getEscapedPath(): string", ({ url }: Url) => url.pathname)
    .registerFunction(
      "Url.getQuery(): map",
      ({ url }: Url) =>
        new Map([...new Set(url.searchParams.keys())].map((key) => [key, url.searchParams.getAll(key)])),
    );
}

function parse(text: string): URL | undefined {
  if (text.startsWith("/"))
    return URL.canParse(text, "http://path") ? new URL(text, "http://path") : undefined;
  return /^[A-Za-z][-+.A-Za-z0-9]*:/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}
