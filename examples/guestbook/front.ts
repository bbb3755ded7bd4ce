// The page. It knows nothing but where the API is.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { createService } from "@seaworthy/service";

const api = process.env["API_URL"] ?? "http://api";
const service = createService({ serviceName: "front" });
const server = createServer((request, response) => void answer(request, response));
service.attach(server).listen(8080);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader("x-pod-name", process.env["HOSTNAME"] ?? "");
  try {
    const { status, body } = await askApi(request);
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(body);
  } catch (error) {
    response.writeHead(502).end(`the API does not answer: ${(error as Error).message}\n`);
  }
}

async function askApi(request: IncomingMessage): Promise<{ status: number; body: string }> {
  // A connection of its own for each: one that was kept may be closed by the other side at the moment it is used.
  const headers = { connection: "close" };
  const signal = AbortSignal.timeout(5_000);
  const answered =
    request.method === "POST"
      ? await fetch(api, { method: "POST", headers, signal, body: await text(request) })
      : await fetch(api, { headers, signal });
  return { status: answered.status, body: await answered.text() };
}
