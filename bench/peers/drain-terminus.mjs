// @godaddy/terminus with the wait that its README recommends: node drain-terminus.mjs SCHEME KEY_FILE CERT_FILE
import { setTimeout as sleep } from "node:timers/promises";
import { createTerminus } from "@godaddy/terminus";
import { createDrainServer } from "../../packages/service/src/testing/drain-app.ts";
import { listenAndTell } from "../../packages/service/src/testing/listen-and-tell.ts";

const [scheme, keyFile, certFile] = process.argv.slice(2);
const server = createDrainServer(scheme, { keyFile, certFile });
createTerminus(server, {
  signals: ["SIGTERM"],
  healthChecks: {},
  useExit0: true,
  timeout: 4_000,
  beforeShutdown: () => sleep(600),
});
listenAndTell(server);
