import { createServer } from "node:http";
import { createService, setRoute } from "@seaworthy/service";

const service = createService({ serviceName: "shop" });
const server = createServer((request, response) => {
  setRoute(request, "/hello/:name");
  response.end(`hello ${request.url?.split("/")[2]}\n`);
});
service.attach(server).listen(Number(process.env["PORT"] ?? 8080));
