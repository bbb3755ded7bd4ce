import { Agent, request, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { epochMs } from "@seaworthy/load";
import type { KeptConnection } from "./kept-connection.ts";

/** Where a kept connection leads, and what is asked on it. */
export interface KeptTarget {
  readonly path: string;
  readonly hostHeader: string;
  /** The ranges of statuses that count as good. */
  readonly status: readonly (readonly [number, number])[];
}

type OpenRecord = { -readonly [K in keyof KeptConnection]: KeptConnection[K] };

const answerTimeoutMs = 5_000;

/** One connection to a pod that is kept for as long as the pod keeps it. What happens is written into `record`. */
export class KeptClient {
  readonly record: OpenRecord;
  /** Resolves when the connection is over, whoever ended it. */
  readonly over: Promise<void>;
  readonly #agent: OneConnection;
  readonly #target: KeptTarget;
  #isDisposed = false;

  constructor(socket: Socket, target: KeptTarget, about: Pick<KeptConnection, "podUid" | "use">) {
    this.#target = target;
    this.#agent = new OneConnection(socket);
    this.record = {
      ...about,
      openedAt: epochMs(),
      answeredAt: undefined,
      announcedAt: undefined,
      closedAt: undefined,
      badAnswer: undefined,
    };
    const { promise, resolve } = Promise.withResolvers<void>();
    this.over = promise;
    const ended = () => {
      if (!this.#isDisposed) this.record.closedAt ??= epochMs();
      resolve();
    };
    socket.once("end", ended);
    socket.once("close", ended);
    socket.on("error", ended);
  }

  /** Asks once. True when the answer is good. */
  async ask(): Promise<boolean> {
    const answer = await this.#get().catch(() => undefined);
    if (answer === undefined) return false;
    if (/\bclose\b/i.test(answer.headers.connection ?? "")) this.record.announcedAt ??= epochMs();
    const status = answer.statusCode ?? 0;
    const isGood = this.#target.status.some(([from, to]) => status >= from && status <= to);
    if (isGood) this.record.answeredAt = epochMs();
    else if (this.record.answeredAt !== undefined) this.record.badAnswer ??= { at: epochMs(), status };
    return isGood;
  }

  end(): void {
    this.#isDisposed = true;
    this.#agent.destroy();
    this.#agent.socket.destroy();
  }

  #get(): Promise<IncomingMessage> {
    const { path, hostHeader } = this.#target;
    return new Promise((resolve, reject) => {
      const sent = request({
        agent: this.#agent,
        method: "GET",
        path,
        headers: { host: hostHeader, "user-agent": "seaworthy-trial" },
        timeout: answerTimeoutMs,
      });
      sent.on("timeout", () => sent.destroy(new Error("no answer")));
      sent.on("error", reject);
      sent.on("response", (response) => {
        response.on("error", reject);
        response.on("end", () => resolve(response));
        response.resume();
      });
      sent.end();
    });
  }
}

/** An agent that has this one connection, and keeps it whatever a `Keep-Alive` hint says, as proxies do. */
class OneConnection extends Agent {
  readonly socket: Socket;
  #isTaken = false;

  constructor(socket: Socket) {
    super({ keepAlive: true, maxSockets: 1 });
    this.socket = socket;
  }

  override createConnection(): Duplex {
    if (this.#isTaken) throw new Error("the connection is over");
    this.#isTaken = true;
    return this.socket;
  }

  override keepSocketAlive(): boolean {
    return true;
  }
}
