import type { RequestListener } from "node:http";
import type { StandInBehavior } from "../container/images.ts";
import type { StandInPort } from "./stand-in-ports.ts";

/** What a stand-in is told. */
export interface StandInConfig extends StandInBehavior {
  readonly ports: readonly StandInPort[];
  readonly podName: string;
  /** The paths at which it answers 500, for trying bad releases. */
  readonly brokenPaths: readonly string[];
}

/** The command that runs a stand-in. */
export function standInCommand(config: StandInConfig): string[] {
  return [process.execPath, "--no-warnings", "-e", `(${standIn.toString()})(${JSON.stringify(config)})`];
}

/**
 * The program of a stand-in: a server on each of its ports, which over HTTP answers every path that is not broken with 200 and
 * a POST with its own body. Its source text is given to `node -e`: it may refer to nothing outside itself.
 */
function standIn(config: StandInConfig): void {
  const http = process.getBuiltinModule("node:http");
  const net = process.getBuiltinModule("node:net");
  let draining = false;
  const answer: RequestListener = (request, response) => {
    response.setHeader("x-pod-name", config.podName);
    if (draining) response.setHeader("connection", "close");
    const path = request.url?.replace(/\?.*$/, "") ?? "";
    if (config.brokenPaths.includes(path)) {
      response.statusCode = 500;
      response.end("broken\n");
    } else if (request.method === "POST" || request.method === "PUT" || request.method === "PATCH") {
      response.setHeader("content-type", request.headers["content-type"] ?? "application/octet-stream");
      request.pipe(response);
    } else response.end("ok\n");
  };
  const servers = config.ports.map(({ port, speaks }) => {
    // Longer than a proxy's 60 s, as an app behind one should have it.
    const server =
      speaks === "http"
        ? http.createServer({ keepAliveTimeout: 75_000 }, answer)
        : net.createServer((socket) => socket.on("error", () => {}).once("data", () => socket.destroy()));
    server.on("error", (error) => {
      console.error(`stand-in: ${error.message}`);
      process.exit(1);
    });
    return { server, port, speaks };
  });
  const listen = () => {
    for (const { server, port, speaks } of servers)
      server.listen(port, () =>
        console.log(`stand-in: listening on ${port}${speaks === "http" ? "" : ", without HTTP"}`),
      );
  };
  // A timer of 0 would be 1 ms in which a pod without probes refuses.
  if (config.startMs === 0) listen();
  else setTimeout(listen, config.startMs);
  process.on("SIGTERM", () => {
    console.log(`stand-in: SIGTERM (${config.onTerm})`);
    if (config.onTerm === "exit") process.exit(0);
    if (config.onTerm === "ignore" || draining) return;
    draining = true;
    // An end of the drain by the clock, as apps have it: a stand-in that served as long as requests came would hide them all.
    setTimeout(() => {
      let open = servers.length;
      if (open === 0) process.exit(0);
      for (const { server } of servers) {
        server.close(() => {
          open -= 1;
          if (open === 0) process.exit(0);
        });
        if ("closeIdleConnections" in server) server.closeIdleConnections();
      }
      setTimeout(() => process.exit(0), 5_000);
    }, config.drainMs);
  });
  // Without a port there is nothing else to keep it running.
  setInterval(() => {}, 1 << 30);
}
