// A chain of middleware, a log level by flag, and one shutdown within 5 s on any of four signals.
import { createServer, type RequestListener } from "node:http";

process.title = "simple-server"; // The name that the preStop hook kills.
const level = process.argv.find((argument) => argument.startsWith("--log-level="))?.split("=")[1] ?? "info";

type Middleware = (next: RequestListener) => RequestListener;

const version: Middleware = (next) => (request, response) => {
  response.setHeader("version", process.env["VERSION"] ?? "");
  response.setHeader("x-pod-name", process.env["HOSTNAME"] ?? "");
  const token = request.headers["x-seaworthy-token"];
  if (token !== undefined) response.setHeader("x-seaworthy-echo", token);
  next(request, response);
};
const statusLog: Middleware = (next) => (request, response) => {
  const client = request.socket.remoteAddress;
  if (level === "debug")
    response.on("close", () => console.log(`${client} ${request.url} ${response.statusCode}`));
  next(request, response);
};
const echo: RequestListener = (request, response) => {
  if (request.method === "POST") request.pipe(response);
  else response.end("ok\n");
};

const server = createServer(version(statusLog(echo)));
server.listen(8080);

let stopping = false;
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM", "SIGQUIT"] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    console.log(`${signal}: shutting down`);
    server.close(() => {
      console.log("shut down cleanly");
      process.exit(0);
    });
    setTimeout(() => process.exit(1), 5_000);
  });
}
