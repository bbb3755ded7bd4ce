// Stands for the wordpress image: answers as Apache treats connections (KeepAliveTimeout 5, MaxKeepAliveRequests 100),
// and ends on SIGWINCH, the image's STOPSIGNAL, as Apache's "graceful-stop" does: it listens no more, ends what it has
// begun to answer, and closes kept connections (https://httpd.apache.org/docs/2.4/stopping.html#gracefulstop).
import { createServer } from "node:http";

let stopping = false;
const server = createServer((request, response) => {
  response.setHeader("x-pod-name", process.env["HOSTNAME"] ?? "");
  if (stopping) response.setHeader("connection", "close");
  const token = request.headers["x-seaworthy-token"];
  if (token !== undefined) response.setHeader("x-seaworthy-echo", token);
  if (request.method === "POST") request.pipe(response);
  else response.end("<title>Just another WordPress site</title>\n");
});
server.keepAliveTimeout = 5_000;
server.maxRequestsPerSocket = 100;
server.listen(80);

process.on("SIGWINCH", () => {
  stopping = true;
  server.close(() => process.exit(0));
});
