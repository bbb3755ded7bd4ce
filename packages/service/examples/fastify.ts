import { createService, nameFastifyRoutes } from "@seaworthy/service";
import Fastify from "fastify";

const service = createService({ serviceName: "shop" });
const app = Fastify();
nameFastifyRoutes(app);
app.get("/hello/:name", (request) => `hello ${(request.params as { name: string }).name}\n`);
service.attach(app.server);
await app.listen({ port: Number(process.env["PORT"] ?? 8080) });
