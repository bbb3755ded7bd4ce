// lightship, which leaves the server to its user, and server.close(): node drain-lightship.mjs SCHEME KEY_FILE CERT_FILE
import { createLightship } from "lightship";
import { createDrainServer } from "../../packages/service/src/testing/drain-app.ts";
import { listenAndTell } from "../../packages/service/src/testing/listen-and-tell.ts";

const [scheme, keyFile, certFile] = process.argv.slice(2);
const server = createDrainServer(scheme, { keyFile, certFile });
const lightship = await createLightship({
  detectKubernetes: false,
  port: 0,
  shutdownDelay: 600,
  gracefulShutdownTimeout: 4_000,
  shutdownHandlerTimeout: 4_000,
});
lightship.registerShutdownHandler(() => new Promise((resolve) => server.close(resolve)));
lightship.signalReady();
listenAndTell(server);
