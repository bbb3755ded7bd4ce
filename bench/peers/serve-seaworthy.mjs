// Fastify on the library as it is published, built, with all that it does by default: a line for every request, metrics,
// probes, drain.
import { enableCompileCache } from "node:module";

enableCompileCache();
const { createService, nameFastifyRoutes } = await import("../../packages/service/dist/dist/index.mjs");
const { default: Fastify } = await import("fastify");

const service = createService();
const app = Fastify();
nameFastifyRoutes(app);
app.get("/", (_request, reply) => reply.type("text/plain; charset=utf-8").send("hello world"));
service.attach(app.server);
await app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
