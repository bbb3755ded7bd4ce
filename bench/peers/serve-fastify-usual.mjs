// Fastify with its own logger and prom-client, as most services have it.
import Fastify from "fastify";
import { collectDefaultMetrics, Histogram, register } from "prom-client";

collectDefaultMetrics();
const duration = new Histogram({
  name: "http_request_duration_seconds",
  help: "From head to end.",
  labelNames: ["method", "route", "status"],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
});
const app = Fastify({ logger: true });
app.addHook("onResponse", async (request, reply) => {
  const labels = { method: request.method, route: request.routeOptions.url, status: reply.statusCode };
  duration.observe(labels, reply.elapsedTime / 1000);
});
app.get("/metrics", async (_request, reply) =>
  reply.type(register.contentType).send(await register.metrics()),
);
app.get("/", (_request, reply) => reply.type("text/plain; charset=utf-8").send("hello world"));
await app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
