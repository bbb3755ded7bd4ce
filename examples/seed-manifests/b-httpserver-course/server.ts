// The server of the course: header echo, VERSION, access log, a random delay, a latency histogram, a graceful end.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const maxDelayMs = 2_000;
const bounds = [0.1, 0.25, 0.5, 1, 2];
const counts = bounds.map(() => 0);
let count = 0;
let sum = 0;

const server = createServer((request, response) => void handle(request, response));

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const start = performance.now();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !/^(host|connection|content-|transfer-|keep-alive|te$|upgrade)/.test(name)) {
      response.setHeader(name, value);
    }
  }
  response.setHeader("version", process.env["VERSION"] ?? "");
  response.setHeader("x-pod-name", process.env["HOSTNAME"] ?? "");
  const token = request.headers["x-seaworthy-token"];
  if (token !== undefined) response.setHeader("x-seaworthy-echo", token);
  response.on("close", () =>
    console.log(`${request.socket.remoteAddress} ${request.url} ${response.statusCode}`),
  );
  if (request.url === "/metrics") {
    response.end(metrics());
    return;
  }
  if (request.url !== "/healthz") {
    await sleep(Math.random() * maxDelayMs);
    observe((performance.now() - start) / 1_000);
  }
  if (request.method === "POST") request.pipe(response);
  else response.end("ok\n");
}
server.listen(8077);

process.on("SIGTERM", () => server.close(() => process.exit(0)));

function observe(seconds: number): void {
  bounds.forEach((bound, index) => {
    if (seconds <= bound) counts[index]! += 1;
  });
  count += 1;
  sum += seconds;
}

function metrics(): string {
  const name = "httpserver_execution_latency_seconds";
  const buckets = bounds.map((bound, index) => `${name}_bucket{le="${bound}"} ${counts[index]}\n`);
  return `# TYPE ${name} histogram\n${buckets.join("")}${name}_bucket{le="+Inf"} ${count}\n${name}_sum ${sum}\n${name}_count ${count}\n`;
}
