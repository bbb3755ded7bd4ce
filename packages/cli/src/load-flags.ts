import type { FlagDefinition } from "./command.ts";
import { mixFlags } from "./requests/mix-flags.ts";

const text = (value: string, what: string, more: Partial<FlagDefinition> = {}): FlagDefinition => ({
  type: "string",
  value,
  text: what,
  ...more,
});
const list = (value: string, what: string, more: Partial<FlagDefinition> = {}): FlagDefinition =>
  text(value, `${what} (repeatable)`, { multiple: true, ...more });
const yes = (what: string, more: Partial<FlagDefinition> = {}): FlagDefinition => ({
  type: "boolean",
  text: what,
  ...more,
});

/** The flags of `seaworthy load`, in the order of its help. docs/load.md has the same table. */
export const loadFlags: Readonly<Record<string, FlagDefinition>> = {
  rate: text("N", "requests per second (default 100)"),
  duration: text("DURATION", "for how long: 90, 500ms, 30s, 2m, 1h (default 10s)"),
  stage: list(
    "FROM[..TO]:DURATION",
    "a part of the run at one rate or from one to another, in place of --rate",
  ),
  requests: text("N", "end after so many"),
  poisson: yes("at random times, as from many users, instead of evenly"),
  concurrency: text("N", "closed loop: so many clients that wait for their answers; for comparison only"),
  method: text("METHOD", "default GET, with data POST"),
  header: list("'NAME: VALUE'", "a request header", { short: "H" }),
  data: text("TEXT", "the body"),
  "data-file": text("FILE", "the body, the bytes of a file"),
  mix: text("FILE", "what users ask, in place of one request: trial.requests of a seaworthy.yaml"),
  ...mixFlags,
  grpc: text(
    "SERVICE/METHOD",
    "call a method of gRPC, such as grpc.health.v1.Health/Check; good is the status OK",
  ),
  message: text("BASE64", "the message of the call (default empty); --data-file has it as bytes"),
  template: yes("fill {{index}}, {{token}} and {{uuid}} in body, path and headers, new for each request"),
  weights: text("N,N…", "shares of the URLs, in their order (default equal)"),
  client: list("KIND", "how connections are used: keep-alive, new-connection, max-uses=N, max-age=DURATION"),
  stream: list(
    "KIND:PATH[:N]",
    "hold N streams open beside the requests (default 8): sse:/events:24, websocket:/ws, or grpc:SERVICE/METHOD",
  ),
  connections: text("N", "connections of each pool (default 16)"),
  http2: yes("HTTP/2: by ALPN over TLS, with prior knowledge without"),
  cacert: text("FILE", "PEM of the authorities to trust, in place of the usual ones"),
  cert: text("FILE", "PEM of a client certificate"),
  key: text("FILE", "PEM of its key"),
  insecure: yes("take any certificate", { short: "k" }),
  "server-name": text("NAME", "the name asked for and looked for in the certificate (SNI)"),
  "unix-socket": text("PATH", "connect to this socket; the URL gives Host and path"),
  dns: text(
    "once|all|each|DURATION",
    "addresses: asked once, all in turn, asked for each connection, or again after so long (default once)",
  ),
  ipv4: yes("IPv4 addresses only", { short: "4" }),
  ipv6: yes("IPv6 addresses only", { short: "6" }),
  "source-address": list("A,B", "local addresses to send from, in turn"),
  "expect-status": text(
    "RANGES",
    "good statuses, such as 200-299,404 (default 200-399); with --grpc codes, such as OK,NOT_FOUND",
  ),
  "expect-header": list("'NAME[: REGEX]'", "a header that a good answer has, and matches"),
  "expect-body": text("TEXT", "a text that a good body holds"),
  by: text("HEADER", "split the result by this response header, such as x-pod-name"),
  "connect-timeout": text("DURATION", "default 3s"),
  timeout: text("DURATION", "for the whole answer, from the send (default 30s)"),
  "max-in-flight": text(
    "N",
    "what becomes due beyond it is not sent, and the run is invalid (default 16384)",
  ),
  workers: text("N", "processes that share the load (default: one for each 10,000/s, up to the cores)"),
  precise: yes("watch the clock in place of a timer: sends nearer to the time, and takes a core"),
  seed: text("N", "seed of every random choice (default 1)"),
  "max-lag": text("DURATION", "p99 of the send lag from which the run is invalid (default 10ms)"),
  output: text("text|json|fortio", "json, fortio: data on stdout, nothing else there", {
    choices: ["text", "json", "fortio"],
  }),
  html: text("FILE", "write a page with charts"),
  failures: text("FILE", "write each failure as CSV"),
  save: text("FILE", "write what --output json prints"),
  yes: yes("send more than 1,000/s to an address that is not private"),
};
