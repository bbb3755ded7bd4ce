import type { StandInOnTerm } from "./images.ts";

/** What a stand-in is told. */
export interface StandInConfig {
  readonly ports: readonly number[];
  readonly onTerm: StandInOnTerm;
  readonly podName: string;
}

/** The command that runs a stand-in. */
export function standInCommand(config: StandInConfig): string[] {
  return [process.execPath, "--no-warnings", "-e", `(${standIn.toString()})(${JSON.stringify(config)})`];
}

/**
 * The program of a stand-in: a server on each declared port which answers every path with 200 and a POST with
 * its own body. Its source text is given to `node -e`: it may refer to nothing outside itself.
 */
function standIn(config: StandInConfig): void {
  const http = process.getBuiltinModule("node:http");
  let draining = false;
  let active = 0;
  let idle: NodeJS.Timeout | undefined;
  const exitWhenIdle = () => {
    clearTimeout(idle);
    if (draining && active === 0) idle = setTimeout(() => process.exit(0), 1000);
  };
  for (const port of config.ports) {
    const server = http.createServer((request, response) => {
      active += 1;
      clearTimeout(idle);
      response.on("close", () => {
        active -= 1;
        exitWhenIdle();
      });
      response.setHeader("x-pod-name", config.podName);
      if (draining) response.setHeader("connection", "close");
      if (request.method === "POST" || request.method === "PUT" || request.method === "PATCH") {
        response.setHeader("content-type", request.headers["content-type"] ?? "application/octet-stream");
        request.pipe(response);
      } else response.end("ok\n");
    });
    // Longer than a proxy's 60 s, as an app behind one should have it.
    server.keepAliveTimeout = 75_000;
    server.on("error", (error) => {
      console.error(`stand-in: ${error.message}`);
      process.exit(1);
    });
    server.listen(port, () => console.log(`stand-in: listening on ${port}`));
  }
  process.on("SIGTERM", () => {
    console.log(`stand-in: SIGTERM (${config.onTerm})`);
    if (config.onTerm === "exit") process.exit(0);
    if (config.onTerm === "drain") {
      draining = true;
      exitWhenIdle();
    }
  });
  // Without a port there is nothing else to keep it running.
  setInterval(() => {}, 1 << 30);
}
