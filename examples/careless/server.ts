// An HTTP server written in a hurry. It works on every developer's machine.
import { createServer } from "node:http";

const server = createServer((request, response) => {
  response.setHeader("x-pod-name", process.env["POD_NAME"] ?? "");
  const token = request.headers["x-seaworthy-token"];
  if (token !== undefined) response.setHeader("x-seaworthy-echo", token);
  if (request.method === "POST") request.pipe(response);
  else response.end("hello\n");
});

// Caches to fill, connections to open: it listens half a second after it began.
setTimeout(() => server.listen(8080), 500);

process.on("SIGTERM", () => process.exit(0));
