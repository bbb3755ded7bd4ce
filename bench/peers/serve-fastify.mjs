// Bare Fastify.
import Fastify from "fastify";

const app = Fastify();
app.get("/", (_request, reply) => reply.type("text/plain; charset=utf-8").send("hello world"));
await app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
