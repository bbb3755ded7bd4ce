import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { RemoteProcess } from "../../remote-process.ts";
import { readBoolean } from "../http/query-options.ts";
import { textResponse } from "../http/responses.ts";
import { badRequest } from "../http/status-error.ts";
import { asksForUpgrade, asksForWebSocket, upgradeResponse } from "../http/upgrade.ts";
import { negotiateSpdy } from "../spdy/negotiate-spdy.ts";
import { chooseSubprotocol } from "../websocket/choose-subprotocol.ts";
import type { WantedStreams } from "./remote-streams.ts";
import { runRemoteCommand } from "./run-remote-command.ts";
import { spdyCommandProtocols, spdyStreams } from "./spdy-streams.ts";
import { commandProtocols, preferredCommandProtocol, websocketStreams } from "./websocket-streams.ts";

/** What is to run for a client. */
export interface RemoteCommand {
  readonly wanted: WantedStreams;
  /** For what is told of its outcome. */
  readonly argv: readonly string[];
  start(): Promise<RemoteProcess>;
}

/** Reads which streams a client asks for: PodExecOptions and PodAttachOptions of core/v1. */
export function readWantedStreams(query: URLSearchParams): WantedStreams {
  return {
    stdin: readBoolean(query, "stdin"),
    stdout: readBoolean(query, "stdout"),
    stderr: readBoolean(query, "stderr"),
    tty: readBoolean(query, "tty"),
  };
}

/**
 * Answers exec and attach by changing the protocol: a WebSocket, or SPDY. `find` looks for what is to run, and gives the
 * kubelet's refusal where it is not there.
 */
export function serveRemoteCommand(
  request: ApiRequest,
  find: (wanted: WantedStreams) => RemoteCommand | ApiResponse,
): ApiResponse {
  if (!asksForUpgrade(request)) throw badRequest("Upgrade request required");
  const wanted = readWantedStreams(request.query);
  if (!wanted.stdin && !wanted.stdout && !wanted.stderr)
    return textResponse(400, "you must specify at least 1 of stdin, stdout, stderr");
  const command = find(wanted);
  if ("status" in command) return command;
  return asksForWebSocket(request) ? overWebSocket(request, command) : overSpdy(request, command);
}

function overWebSocket(request: ApiRequest, command: RemoteCommand): ApiResponse {
  const chosen = chooseSubprotocol(request, commandProtocols, preferredCommandProtocol);
  if (chosen === undefined) return textResponse(403, "");
  const { wanted, argv } = command;
  return upgradeResponse({
    kind: "websocket",
    subprotocol: chosen.name,
    run(socket) {
      const streams = websocketStreams(socket, chosen.meaning, wanted, argv);
      void runRemoteCommand(streams, () => command.start());
    },
  });
}

function overSpdy(request: ApiRequest, command: RemoteCommand): ApiResponse {
  const agreed = negotiateSpdy(request, [...spdyCommandProtocols.keys()]);
  if ("status" in agreed) return agreed;
  const { wanted, argv } = command;
  return upgradeResponse({
    kind: "stream",
    headers: agreed.headers,
    run(socket) {
      void spdyStreams(socket, agreed.protocol, wanted, argv).then(
        (streams) => streams && runRemoteCommand(streams, () => command.start()),
      );
    },
  });
}
