// What most services do: server.close() on SIGTERM. node drain-close.mjs [--after MS] SCHEME KEY_FILE CERT_FILE
import { createDrainServer } from "../../packages/service/src/testing/drain-app.ts";
import { listenAndTell } from "../../packages/service/src/testing/listen-and-tell.ts";

const [scheme, keyFile, certFile] = process.argv.slice(-3);
const after = process.argv.indexOf("--after");
const server = createDrainServer(scheme, { keyFile, certFile });
process.on("SIGTERM", () => {
  setTimeout(() => server.close(() => process.exit(0)), after > 0 ? Number(process.argv[after + 1]) : 0);
});
listenAndTell(server);
