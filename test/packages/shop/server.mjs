// What a user writes: a server on the published library.
import { createServer } from "node:http";
import { createService } from "@seaworthy/service";

const service = createService({ serviceName: "shop" });
service.attach(createServer((_request, response) => response.end("hello\n"))).listen(8080);
