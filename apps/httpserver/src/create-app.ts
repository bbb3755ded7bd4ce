import { nameFastifyRoutes } from "@seaworthy/service";
import Fastify, { type FastifyInstance, type FastifyServerOptions } from "fastify";
import { allowedMethods } from "./answers/allowed-methods.ts";
import { addAnswerHeaders } from "./answers/answer-headers.ts";
import { parseBodies } from "./body-parser.ts";
import { answerErrors, answerFrameworkError, type ErrorLog } from "./answers/error-answers.ts";
import type { Operation } from "./openapi/operation.ts";
import { createPage } from "./pages/page.ts";
import { aboutRoutes, type AboutParts } from "./routes/about-routes.ts";
import { adminRoutes, type AdministeredParts } from "./routes/admin-routes.ts";
import { cacheRoutes, type CacheParts } from "./routes/cache-routes.ts";
import { configRoutes, type ConfigParts } from "./routes/config-routes.ts";
import { delayRoutes } from "./routes/delay-routes.ts";
import { echoRoutes, type EchoParts } from "./routes/echo-routes.ts";
import { eventRoutes } from "./routes/event-routes.ts";
import { forwardRoutes, type ForwardParts } from "./routes/forward-routes.ts";
import { openApiRoutes } from "./routes/openapi-routes.ts";
import { statusRoutes } from "./routes/status-routes.ts";
import { storeRoutes, type StoreParts } from "./routes/store-routes.ts";
import { tokenRoutes, type TokenParts } from "./routes/token-routes.ts";
import { webSocketRoutes } from "./routes/web-socket-routes.ts";

/** The parts of the process that the routes need. */
export interface AppParts
  extends
    AboutParts,
    AdministeredParts,
    CacheParts,
    ConfigParts,
    Omit<EchoParts, "sendFrontPage" | "allowedMethods">,
    ForwardParts,
    StoreParts,
    TokenParts {
  readonly errorLog: ErrorLog;
}

/** Makes the application: every route, and what holds for all of them. It does not listen. */
export function createApp(parts: AppParts, options: FastifyServerOptions = {}): FastifyInstance {
  const app = Fastify({
    logger: false, // The library writes the access log, once per request and at its end.
    return503OnClosing: false,
    routerOptions: { maxParamLength: maxUrlChars },
    frameworkErrors: answerFrameworkError(parts),
    schemaController: withoutSchemas,
    ...options,
  });
  nameFastifyRoutes(app);
  const operations: Operation[] = [];
  app.addHook("onRoute", ({ config, method }) => {
    // Fastify adds HEAD to each GET by itself.
    if (config?.operation !== undefined && method !== "HEAD") operations.push(config.operation);
  });
  parseBodies(app);
  const allowed = allowedMethods(operations);
  answerErrors(app, parts.errorLog, allowed);
  addAnswerHeaders(app, parts);

  const { version, podName } = parts;
  const sendFrontPage = createPage("front-page.html", { version, podName: podName ?? "–" });
  echoRoutes(app, { ...parts, allowedMethods: allowed, sendFrontPage });
  aboutRoutes(app, parts);
  configRoutes(app, parts);
  eventRoutes(app, parts);
  delayRoutes(app);
  statusRoutes(app);
  forwardRoutes(app, parts);
  webSocketRoutes(app);
  tokenRoutes(app, parts);
  cacheRoutes(app, parts);
  storeRoutes(app, parts);
  adminRoutes(app, parts);
  openApiRoutes(app, { operations, version });
  return app;
}

/** No route has a schema, so Fastify need not load the schema compilers: they take a third of its time to start. */
const withoutSchemas: NonNullable<FastifyServerOptions["schemaController"]> = {
  compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema },
};

function refuseSchema(): never {
  throw new Error("this application loads no schema compiler: see create-app.ts");
}

/** The longest URL that Node takes, so that every parameter reaches its handler, which says what is wrong with it. */
const maxUrlChars = 16 * 1024;
