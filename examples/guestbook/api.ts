// Takes entries into a queue, and gives those that the worker has written down.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { createService } from "@seaworthy/service";
import { redis } from "./redis.ts";

const service = createService({ serviceName: "api" });
const server = createServer((request, response) => void answer(request, response));
service.attach(server).listen(8080);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader("x-pod-name", process.env["HOSTNAME"] ?? "");
  try {
    if (request.method === "POST") {
      await redis("LPUSH", "queue", (await text(request)).slice(0, 500));
      response.writeHead(202).end("it will be written down\n");
      return;
    }
    const entries = (await redis("LRANGE", "entries", "0", "99")) as readonly string[];
    response.end(entries.map((entry) => `${entry}\n`).join(""));
  } catch (error) {
    response.writeHead(503).end(`there is no storage: ${(error as Error).message}\n`);
  }
}
