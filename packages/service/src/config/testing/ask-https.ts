import { once } from "node:events";
import { get, type Agent } from "node:https";
import { text } from "node:stream/consumers";

/** The outcome of one client's requests. */
export interface Asked {
  readonly answers: number;
  /** The first failure, after which the client gave up. */
  readonly failure: unknown;
}

/** Asks a server on loopback for `/`, each time after the last answer, until it is over or a request fails. */
export async function askHttps(port: number, agent: Agent, isOver: () => boolean): Promise<Asked> {
  let answers = 0;
  try {
    while (!isOver()) {
      const request = get({ host: "127.0.0.1", port, agent });
      const [response] = (await once(request, "response")) as [
        NodeJS.ReadableStream & { statusCode: number },
      ];
      const body = await text(response);
      if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}: ${body}`);
      answers += 1;
    }
    return { answers, failure: undefined };
  } catch (failure) {
    return { answers, failure };
  }
}
