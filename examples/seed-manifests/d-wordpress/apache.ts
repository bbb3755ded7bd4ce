// Stands for the wordpress image: answers as Apache treats connections (KeepAliveTimeout 5, MaxKeepAliveRequests 100),
// and ends at once on SIGTERM, which Apache calls "stop" and not "graceful-stop".
import { createServer } from "node:http";

const server = createServer((request, response) => {
  response.setHeader("x-pod-name", process.env["HOSTNAME"] ?? "");
  const token = request.headers["x-seaworthy-token"];
  if (token !== undefined) response.setHeader("x-seaworthy-echo", token);
  if (request.method === "POST") request.pipe(response);
  else response.end("<title>Just another WordPress site</title>\n");
});
server.keepAliveTimeout = 5_000;
server.maxRequestsPerSocket = 100;
server.listen(80);

process.on("SIGTERM", () => process.exit(0));
