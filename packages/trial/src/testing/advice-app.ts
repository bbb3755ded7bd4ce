/**
 * A small server whose faults are chosen by its arguments, for proofs of advice:
 * `node advice-app.ts [port=8080] [term=drain|exit|ignore|bad] [keep-alive=75000] [start=0] [behind=PORT]`.
 */
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from "node:http";

const options = new Map(process.argv.slice(2).map((word) => word.split("=") as [string, string]));
const port = Number(options.get("port") ?? 8080);
const onTerm = options.get("term") ?? "drain";
const behind = options.get("behind");

let draining = false;
const server = createServer((request, response) => {
  request.resume();
  if (draining) response.setHeader("connection", "close");
  if (draining && onTerm === "bad") response.statusCode = 503;
  if (behind === undefined) setTimeout(() => response.end("ok\n"), 5);
  else passOn(request, response, Number(behind));
});
// The parser's own timeout adds a second to it otherwise.
server.keepAliveTimeoutBuffer = 0;
server.keepAliveTimeout = Number(options.get("keep-alive") ?? 75_000);
setTimeout(() => server.listen(port), Number(options.get("start") ?? 0));

if (onTerm !== "ignore") process.on("SIGTERM", () => (onTerm === "exit" ? process.exit(0) : drain()));

/** Serves on for as long as clients need to hear that the connection closes. */
function drain(): void {
  draining = true;
  setTimeout(() => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  }, 2_500);
}

/** As a proxy in front of another container does: what is not there is answered 502. */
function passOn(request: IncomingMessage, response: ServerResponse, to: number): void {
  const passed = ask({ host: "127.0.0.1", port: to, path: request.url, agent: false }, (answer) => {
    answer.resume();
    answer.on("end", () => response.end("ok\n"));
  });
  passed.on("error", () => {
    response.statusCode = 502;
    response.end();
  });
  passed.end();
}
