import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { Exchange } from "../../exchange.ts";

/** A made-up exchange, without a server: `GET /users/7`, answered with 200. */
export function exampleExchange(changes: Partial<Exchange> & { method?: string; status?: number }): Exchange {
  const { method = "GET", status = 200, ...others } = changes;
  const request = new IncomingMessage(new Socket());
  Object.assign(request, { method, url: "/users/7", httpVersionMajor: 1, httpVersionMinor: 1 });
  const response = new ServerResponse(request);
  response.statusCode = status;
  const exchange = new Exchange(request, response, "http", 0);
  return Object.assign(exchange, { route: "/users/:id", ending: "complete" }, others);
}
