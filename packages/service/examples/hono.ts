import type { Server } from "node:http";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { createService, setRoute } from "@seaworthy/service";
import { Hono } from "hono";
import { routePath } from "hono/route";

const service = createService({ serviceName: "shop" });
const app = new Hono<{ Bindings: HttpBindings }>().get("/hello/:name", (context) => {
  setRoute(context.env.incoming, routePath(context));
  return context.text(`hello ${context.req.param("name")}\n`);
});
service.attach(createAdaptorServer(app) as Server).listen(Number(process.env["PORT"] ?? 8080));
