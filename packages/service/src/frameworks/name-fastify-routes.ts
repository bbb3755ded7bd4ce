import type { Request } from "../exchange.ts";
import { setRoute } from "../tap-server.ts";

type OnRequest = (request: { readonly raw: Request }, reply: unknown, done: () => void) => void;

/** The part of a Fastify instance that is needed. */
interface FastifyLike {
  addHook(
    name: "onRoute",
    hook: (options: { readonly url: string; onRequest?: OnRequest | OnRequest[] | undefined }) => void,
  ): unknown;
}

/**
 * Tells metrics, log and traces the route of each request that Fastify has matched. Call it before routes are added. Each
 * route gets its own hook, because Fastify would make `routeOptions` anew at each request just to tell the route's URL.
 */
export function nameFastifyRoutes(app: FastifyLike): void {
  app.addHook("onRoute", (options) => {
    const { url, onRequest = [] } = options;
    const nameRoute: OnRequest = (request, _reply, done) => {
      setRoute(request.raw, url);
      done();
    };
    options.onRequest = [nameRoute, ...[onRequest].flat()];
  });
}
