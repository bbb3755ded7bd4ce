// Fastify with fastify-graceful-shutdown: node drain-fastify.mjs SCHEME KEY_FILE CERT_FILE
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import Fastify from "fastify";
import gracefulShutdown from "fastify-graceful-shutdown";
import { drainListener, echoWebSockets } from "../../packages/service/src/testing/drain-app.ts";

const [scheme, keyFile, certFile] = process.argv.slice(2);
const secure = scheme === "https" || scheme === "h2";
const app = Fastify({
  http2: scheme === "h2" || scheme === "h2c",
  ...(secure
    ? {
        https: {
          key: readFileSync(keyFile),
          cert: readFileSync(certFile),
          settings: { enableConnectProtocol: true },
        },
      }
    : {}),
  ...(scheme === "h2c" ? { http: { settings: { enableConnectProtocol: true } } } : {}),
});
app.all("/*", (request, reply) => {
  reply.hijack();
  drainListener(request.raw, reply.raw);
});
echoWebSockets(app.server, scheme);
app.register(gracefulShutdown, { timeout: 4_000 });
app.after(() => app.gracefulShutdown(() => sleep(600)));
await app.listen({ port: 0, host: "127.0.0.1" });
process.send?.(app.server.address().port);
