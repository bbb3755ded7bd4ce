import type { LoggedRequest } from "./logged-request.ts";
import { requestOf } from "./request-of.ts";

/**
 * The names that loggers give to what is looked for, best first, in lower case and without what divides words, so that
 * `request_method`, `RequestMethod` and `request.method` are one: nginx, Envoy and Istio, Traefik, Caddy, pino-http, morgan,
 * Google Cloud, the Elastic Common Schema, OpenTelemetry.
 */
const names = {
  method: [
    "method",
    "requestmethod",
    "httprequestmethod",
    "httpmethod",
    "reqmethod",
    "httprequestrequestmethod",
    "verb",
  ],
  target: [
    "requesturi",
    "url",
    "requrl",
    "requesturl",
    "httprequestrequesturl",
    "urloriginal",
    "uri",
    "path",
    "requestpath",
    "urlpath",
    "httptarget",
    "httppath",
    "reqpath",
  ],
  /** The whole line: `GET /orders HTTP/1.1`. */
  line: ["request", "requestline"],
  query: ["query", "querystring", "args", "urlquery", "requestquery"],
  status: [
    "status",
    "statuscode",
    "responsecode",
    "responsestatus",
    "responsestatuscode",
    "downstreamstatus",
    "httpresponsestatuscode",
    "httpstatuscode",
    "httpstatus",
    "resstatuscode",
    "httprequeststatus",
  ],
  host: [
    "httphost",
    "authority",
    "requesthost",
    "reqheadershost",
    "requestheadershost",
    "urldomain",
    "host",
    "vhost",
    "servername",
  ],
  agent: [
    "useragent",
    "httpuseragent",
    "requestuseragent",
    "useragentoriginal",
    "reqheadersuseragent",
    "requestheadersuseragent",
    "httprequestuseragent",
    "agent",
  ],
} as const;

/** Reads a line that is a JSON object. */
export function jsonLine(line: string): LoggedRequest | undefined {
  const fields = fieldsOf(line);
  if (fields === undefined) return undefined;
  const first = (keys: readonly string[]) =>
    keys.map((key) => fields.get(key)).find((text) => text !== undefined && text !== "" && text !== "-");
  // What the client wrote goes before a path that the server may have rewritten.
  const [, lineMethod, lineTarget] = /^(\S+) (\S+)(?: HTTP\/[\d.]+)?$/.exec(first(names.line) ?? "") ?? [];
  const method = lineMethod ?? first(names.method);
  const target = lineTarget ?? first(names.target);
  if (method === undefined || target === undefined) return undefined;
  const query = target.includes("?") ? undefined : first(names.query)?.replace(/^\?/, "");
  const status = first(names.status);
  return requestOf({
    method,
    target: query === undefined ? target : `${target}?${query}`,
    status: status === undefined ? undefined : Number(status),
    host: first(names.host),
    agent: first(names.agent),
  });
}

const deepest = 3;
const mostFields = 200;

/** Texts and numbers of an object and of those in it, by the names on the way to them. A list counts as its first item. */
function fieldsOf(line: string): ReadonlyMap<string, string> | undefined {
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(data)) return undefined;
  const fields = new Map<string, string>();
  const visit = (object: object, before: string, depth: number): void => {
    for (const [key, value] of Object.entries(object)) {
      if (fields.size >= mostFields) return;
      const name = before + key.toLowerCase().replace(/[^a-z0-9]/g, "");
      const item: unknown = Array.isArray(value) ? value[0] : value;
      if (typeof item === "string" || typeof item === "number") fields.set(name, String(item));
      else if (isObject(item) && depth < deepest) visit(item, name, depth + 1);
    }
  };
  visit(data, "", 1);
  return fields;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
