// The first form of the server: it knows SIGTERM and SIGINT, and ends at once on either.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const port = Number(process.env["HTTP_PORT"] ?? 80);
const debug = process.env["LOG_LEVEL"] === "debug";

const server = createServer((request, response) => {
  response.setHeader("x-pod-name", process.env["HOSTNAME"] ?? "");
  const token = request.headers["x-seaworthy-token"];
  if (token !== undefined) response.setHeader("x-seaworthy-echo", token);
  if (debug) console.log(`${request.socket.remoteAddress} ${request.method} ${request.url}`);
  if (request.method === "POST") request.pipe(response);
  else response.end("ok\n");
});
server.listen(port, () => console.log(`listening on ${port}: ${greeting()}`));

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    console.log(`${signal}: bye`);
    process.exit(0);
  });
}

/** From the ConfigMap's mounted file; absent outside a cluster. */
function greeting(): string {
  try {
    return readFileSync("/etc/httpserver/greeting.txt", "utf8").trim();
  } catch {
    return "no greeting";
  }
}
