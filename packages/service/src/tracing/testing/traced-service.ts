// A service in a process of its own: `/call` asks the service at NEXT_URL and passes its answer on, `/answer` answers with
// the headers of the request, `/fail` fails. The log tells the port.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createService } from "../../service.ts";
import { setRoute } from "../../tap-server.ts";

type Route = (request: IncomingMessage, response: ServerResponse) => unknown;

const routes: Readonly<Record<string, Route>> = {
  "/call": async (request, response) => {
    const headers = service.propagationHeaders(request);
    const next = await fetch(`${process.env["NEXT_URL"]}/answer`, { headers });
    response.end(await next.text());
  },
  "/answer": (request, response) => response.end(JSON.stringify(request.headers)),
  "/fail": (_request, response) => response.writeHead(500).end(),
};

const service = createService();
const server = createServer((request, response) => {
  const [path = ""] = (request.url ?? "").split("?");
  const route = routes[path];
  if (route === undefined) {
    response.writeHead(404).end();
    return;
  }
  setRoute(request, path);
  void route(request, response);
});
service.attach(server).listen(0, "127.0.0.1");
