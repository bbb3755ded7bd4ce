import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";

/**
 * An answer with which the connection changes its protocol. The handler of requests decides that it does and what is
 * spoken then; whoever holds the connection hands it over. A carrier that has none, as in this process, cannot.
 */
export interface UpgradeResponse extends ApiResponse {
  readonly upgrade: Upgrade;
}

/** What is spoken on a connection from now on. */
export type Upgrade = WebSocketUpgrade | StreamUpgrade;

/** https://www.rfc-editor.org/rfc/rfc6455 */
export interface WebSocketUpgrade {
  readonly kind: "websocket";
  /** The one of those offered that was chosen; undefined when none was offered. */
  readonly subprotocol: string | undefined;
  /** Has the connection until it is closed. */
  run(socket: WebSocket): void;
}

/** Any other protocol (RFC 9110, section 7.8). */
export interface StreamUpgrade {
  readonly kind: "stream";
  /** Headers of the answer 101, `Upgrade` among them. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Has the connection until it is closed. Bytes that the client sent early come first. */
  run(socket: Duplex): void;
}

/** The answer that changes the protocol. */
export function upgradeResponse(upgrade: Upgrade): UpgradeResponse {
  return { status: 101, headers: {}, body: "", upgrade };
}

/** Whether an answer changes the protocol. */
export function isUpgrade(response: object): response is UpgradeResponse {
  return "upgrade" in response;
}

/** Whether a client asks for another protocol: a token of `Connection` says so (RFC 9110, section 7.6.1). */
export function asksForUpgrade({ headers }: Pick<ApiRequest, "headers">): boolean {
  const tokens = (headers["connection"] ?? "").toLowerCase().split(",");
  return tokens.some((token) => token.trim() === "upgrade") && headers["upgrade"] !== undefined;
}

/** Whether a client asks for a WebSocket. */
export function asksForWebSocket(request: Pick<ApiRequest, "headers">): boolean {
  return asksForUpgrade(request) && request.headers["upgrade"]?.toLowerCase() === "websocket";
}
