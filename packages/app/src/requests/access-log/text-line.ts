import type { LoggedRequest } from "./logged-request.ts";
import { requestOf } from "./request-of.ts";

/**
 * The request line in quotes and the status after it: all formats of text have these two, in this order. The combined formats go
 * on with size, referer and agent.
 */
const requestAndStatus =
  /"([A-Z]{1,20}) (\S+)(?: HTTP\/\d(?:\.\d)?)?" (\d{3})(?= |$)(?: \S+ "(?:[^"\\]|\\.)*" "((?:[^"\\]|\\.)*)")?/;
const quoted = /"((?:[^"\\]|\\.)*)"/g;
/** Apache's vhost_combined begins with the host, and then goes on as the others do. */
const hostBefore = /^([\w.-]+:\d+) \S+ \S+ \S+ \[/;

/**
 * Reads a line of Apache's and nginx's combined format (https://httpd.apache.org/docs/current/logs.html#combined), which
 * ingress-nginx and Traefik continue, or of Envoy's default format
 * (https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string), also with
 * what Istio adds to it.
 */
export function textLine(line: string): LoggedRequest | undefined {
  const match = requestAndStatus.exec(line);
  if (match === null) return undefined;
  const [whole, method = "", target = "", status, agent] = match;
  const request = { method, target: unescaped(target), status: Number(status) };
  if (!line.startsWith("[")) return requestOf({ ...request, host: hostBefore.exec(line)?.[1], agent });
  // Envoy's begin with the time, and end with: agent, request ID, authority, upstream.
  const after = [...line.slice(match.index + whole.length).matchAll(quoted)].map(([, text]) => text);
  return requestOf({ ...request, host: after.at(-2), agent: after.at(-4) });
}

/** nginx and Apache write a byte that would break the line as `\xHH`, quotes and backslashes with a backslash. */
function unescaped(text: string): string {
  return text.includes("\\") ? text.replace(/\\(?:x([0-9A-Fa-f]{2})|(.))/g, escapedAs) : text;
}

function escapedAs(_: string, hex: string | undefined, char: string | undefined): string {
  const code = hex ?? (char ?? "\\").charCodeAt(0).toString(16).padStart(2, "0");
  return `%${code.toUpperCase()}`;
}
