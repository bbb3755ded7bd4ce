import { IncomingMessage, type IncomingHttpHeaders, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { Exchange } from "../../exchange.ts";

/** A request that came over no network, at the beginning of the process. */
export function exampleExchange(headers: IncomingHttpHeaders = {}, url = "/", method = "GET"): Exchange {
  const request = Object.assign(new IncomingMessage(new Socket()), {
    headers,
    url,
    method,
    httpVersion: "1.1",
  });
  return new Exchange(request, new ServerResponse(request), "http", 0);
}

/** Sends the head of an answer over no network. */
export function sendHead(exchange: Exchange, status: number): void {
  (exchange.response as ServerResponse).writeHead(status);
}
