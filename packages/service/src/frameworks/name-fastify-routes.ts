import type { Request } from "../exchange.ts";
import { setRoute } from "../tap-server.ts";

/** What is needed of a Fastify instance. */
interface FastifyLike {
  addHook(
    name: "onRequest",
    hook: (
      request: { readonly raw: Request; readonly routeOptions: { readonly url?: string | undefined } },
      reply: unknown,
      done: () => void,
    ) => void,
  ): unknown;
}

/** Tells metrics, log and traces the route of each request that Fastify has matched. */
export function nameFastifyRoutes(app: FastifyLike): void {
  app.addHook("onRequest", (request, _reply, done) => {
    setRoute(request.raw, request.routeOptions.url);
    done();
  });
}
