import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { SeaworthyError } from "@seaworthy/errors";
import { parse } from "yaml";
import { execCredential, type ExecPlugin } from "./exec-credential.ts";
import type { HttpConnection } from "./http-transport.ts";

/** Where a kubeconfig is: text at hand, a file, or (when neither) where kubectl looks: KUBECONFIG, ~/.kube/config. */
export type KubeconfigSource = { readonly text: string } | { readonly file: string } | undefined;

/** How a context reaches its cluster. */
export interface KubeconfigConnection extends HttpConnection {
  readonly context: string;
  /** The context's namespace; `default` when it names none. */
  readonly namespace: string;
}

/** Reads a kubeconfig and returns the connection of `contextName`, or of its current context. */
export async function readKubeconfig(
  source?: KubeconfigSource,
  contextName?: string,
): Promise<KubeconfigConnection> {
  const config = await load(source);
  const name = contextName ?? config.currentContext;
  if (name === undefined || name === "") {
    throw unusable(
      "the kubeconfig has no current context",
      `name one: --context ${[...config.contexts.keys()].join(" | ")}`,
    );
  }
  const context = lookUp(config.contexts, name, "context");
  const cluster = lookUp(config.clusters, text(context.body["cluster"]) ?? "", "cluster");
  const userName = text(context.body["user"]);
  const user = userName === undefined || userName === "" ? undefined : lookUp(config.users, userName, "user");
  return {
    context: name,
    namespace: text(context.body["namespace"]) ?? "default",
    ...(await clusterPart(cluster)),
    ...(user === undefined ? {} : await userPart(user)),
  };
}

interface Entry {
  readonly body: Readonly<Record<string, unknown>>;
  /** Relative paths in an entry start from the folder of its file. */
  readonly folder: string;
}

interface Kubeconfig {
  readonly currentContext: string | undefined;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
}

async function load(source: KubeconfigSource): Promise<Kubeconfig> {
  if (source !== undefined && "text" in source)
    return merge([{ text: source.text, file: join(process.cwd(), "kubeconfig") }]);
  if (source !== undefined) return merge([await readConfigFile(source.file)]);
  const listed = (process.env["KUBECONFIG"] ?? "").split(delimiter).filter((file) => file !== "");
  if (listed.length === 0) return merge([await readConfigFile(join(homedir(), ".kube", "config"))]);
  // As kubectl does, files of the list that do not exist are passed over as long as one does.
  const read = await Promise.allSettled(listed.map((file) => readConfigFile(file)));
  const found = read.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  if (found.length === 0)
    throw unusable(`no file of KUBECONFIG can be read: ${listed.join(", ")}`, "set KUBECONFIG");
  return merge(found);
}

async function readConfigFile(file: string): Promise<{ text: string; file: string }> {
  try {
    return { text: await readFile(file, "utf8"), file: resolve(file) };
  } catch (cause) {
    throw unusable(
      `${file} cannot be read: ${(cause as Error).message}`,
      "set KUBECONFIG to the file of your cluster",
      cause,
    );
  }
}

/** Several files form one configuration; of two entries with one name the first wins. */
function merge(files: readonly { text: string; file: string }[]): Kubeconfig {
  let currentContext: string | undefined;
  const lists = {
    contexts: new Map<string, Entry>(),
    clusters: new Map<string, Entry>(),
    users: new Map<string, Entry>(),
  };
  for (const { text: source, file } of files) {
    const document = parseConfig(source, file);
    currentContext ||= text(document["current-context"]);
    for (const [list, key] of [
      ["contexts", "context"],
      ["clusters", "cluster"],
      ["users", "user"],
    ] as const) {
      for (const item of Array.isArray(document[list]) ? document[list] : []) {
        const name = isRecord(item) ? text(item["name"]) : undefined;
        if (name === undefined || lists[list].has(name)) continue;
        const body = isRecord(item) && isRecord(item[key]) ? item[key] : {};
        lists[list].set(name, { body, folder: dirname(file) });
      }
    }
  }
  return { currentContext, ...lists };
}

function parseConfig(source: string, file: string): Record<string, unknown> {
  let document: unknown;
  try {
    document = parse(source);
  } catch (cause) {
    throw unusable(`${file} is not YAML: ${(cause as Error).message}`, "mend the file", cause);
  }
  if (!isRecord(document))
    throw unusable(`${file} is not a kubeconfig`, "kubectl config view shows a good one");
  return document;
}

async function clusterPart({ body, folder }: Entry): Promise<HttpConnection> {
  const server = text(body["server"]);
  if (server === undefined || !URL.canParse(server))
    throw unusable("the cluster has no usable `server`", "give a URL");
  if (text(body["proxy-url"]) !== undefined) {
    throw unusable("`proxy-url` is not supported", "make the cluster reachable without a proxy");
  }
  const ca = await pem(body, "certificate-authority", folder);
  const serverName = text(body["tls-server-name"]);
  return {
    server,
    insecure: body["insecure-skip-tls-verify"] === true,
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { serverName }),
  };
}

async function userPart({ body, folder }: Entry): Promise<Partial<HttpConnection>> {
  const cert = await pem(body, "client-certificate", folder);
  const key = await pem(body, "client-key", folder);
  const certificate = { ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
  const tokenFile = text(body["tokenFile"]);
  // A token file is rotated in place, so it is read for each request; as in client-go it wins over `token`.
  if (tokenFile !== undefined) {
    return {
      ...certificate,
      token: async () => (await readConfigFile(resolve(folder, tokenFile))).text.trim(),
    };
  }
  const token = text(body["token"]);
  if (token !== undefined) return { ...certificate, token };
  if (isRecord(body["exec"]))
    return { ...certificate, ...(await execCredential(body["exec"] as unknown as ExecPlugin, folder)) };
  if (body["auth-provider"] !== undefined || body["username"] !== undefined) {
    throw unusable(
      "the user has neither token, certificate nor exec plugin",
      "Kubernetes removed the others; use exec",
    );
  }
  return certificate;
}

async function pem(body: Entry["body"], field: string, folder: string): Promise<string | undefined> {
  const data = text(body[`${field}-data`]);
  if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
  const file = text(body[field]);
  return file === undefined ? undefined : (await readConfigFile(resolve(folder, file))).text;
}

function lookUp(entries: ReadonlyMap<string, Entry>, name: string, what: string): Entry {
  const entry = entries.get(name);
  if (entry !== undefined) return entry;
  throw unusable(
    `the kubeconfig has no ${what} "${name}"`,
    `it has: ${[...entries.keys()].join(", ") || "none"}`,
  );
}

function unusable(message: string, next: string, cause?: unknown): SeaworthyError {
  return new SeaworthyError("SW1005", message, { next: [next], cause });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
