// Express with pino-http, prom-client and terminus.
import { createServer } from "node:http";
import { createTerminus } from "@godaddy/terminus";
import express from "express";
import { pinoHttp } from "pino-http";
import { collectDefaultMetrics, Histogram, register } from "prom-client";

collectDefaultMetrics();
const duration = new Histogram({
  name: "http_request_duration_seconds",
  help: "From head to end.",
  labelNames: ["method", "route", "status"],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
});
const app = express();
app.use(pinoHttp());
app.use((request, response, next) => {
  const end = duration.startTimer();
  response.on("finish", () =>
    end({ method: request.method, route: request.route?.path, status: response.statusCode }),
  );
  next();
});
app.get("/metrics", async (_request, response) => {
  response.type(register.contentType).send(await register.metrics());
});
app.get("/", (_request, response) => {
  response.type("text/plain").send("hello world");
});
const server = createServer(app);
createTerminus(server, { healthChecks: { "/healthz": () => Promise.resolve() } });
server.listen(Number(process.env.PORT), "127.0.0.1");
