import { createServer } from "node:http";
import { Router } from "@koa/router";
import { createService, setRoute } from "@seaworthy/service";
import Koa from "koa";

const service = createService({ serviceName: "shop" });
const router = new Router().get("/hello/:name", (context) => {
  setRoute(context.req, String(context["_matchedRoute"]));
  context.body = `hello ${context["params"].name}\n`;
});
const handle = new Koa().use(router.routes()).callback();
const server = createServer((request, response) => void handle(request, response));
service.attach(server).listen(Number(process.env["PORT"] ?? 8080));
