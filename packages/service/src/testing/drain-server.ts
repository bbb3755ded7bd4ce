// The library's own candidate of the drain matrix: node drain-server.ts SCHEME KEY_FILE CERT_FILE
import { createService } from "../service.ts";
import { createDrainServer, type Scheme } from "./drain-app.ts";
import { listenAndTell } from "./listen-and-tell.ts";

const [scheme = "http", keyFile = "", certFile = ""] = process.argv.slice(2);
const service = createService();
const server = service.attach(createDrainServer(scheme as Scheme, { keyFile, certFile }));
listenAndTell(server);
