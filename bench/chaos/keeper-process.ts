// Keeps what it is told: each line that is posted is on the disk before it is answered. A GET answers all lines.
import { appendFileSync, readFileSync } from "node:fs";
import { createServer } from "node:http";

const file = "/data/lines";
const server = createServer((request, response) => {
  let line = "";
  request.on("data", (chunk: Buffer) => (line += chunk.toString()));
  request.on("end", () => {
    if (request.method === "POST") appendFileSync(file, `${line}\n`, { flush: true });
    response.end(readFileSync(file, { encoding: "utf8", flag: "a+" }));
  });
});
server.listen(8080);
process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
