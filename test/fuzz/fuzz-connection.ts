import { once } from "node:events";
import { connect } from "node:net";
import { type Answer, createAnswerReader } from "./answer-reader.ts";

/** A bare connection to the server, which reads answers. Each wait has a deadline, which is what "no hang" means here. */
export interface FuzzConnection {
  /** Sends bytes; `methods` are those of the requests in them. */
  send(bytes: string, methods: readonly string[]): void;
  /** Sends no more. */
  endSending(): void;
  /** The next answers, so many of them. Fewer when the connection ended before. */
  answers(count: number): Promise<readonly Answer[]>;
  /** All answers that come before the server ends the connection. */
  untilEnd(): Promise<readonly Answer[]>;
  readonly hasEnded: boolean;
  destroy(): void;
}

/** Longer than the server may take on a busy machine, and shorter than the times that it grants to a slow client. */
const deadlineMs = 30_000;

/** Connects. Fails when that takes too long. */
export async function openConnection(port: number): Promise<FuzzConnection> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  const methods: string[] = [];
  const reader = createAnswerReader((place) => methods[place] ?? "GET");
  let taken = 0;
  let ended = false;
  let failure: Error | undefined;
  let changed = Promise.withResolvers<void>();

  const tell = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const end = (): void => {
    if (ended) return;
    ended = true;
    attempt(() => reader.end());
    if (reader.isInside) failure ??= new Error("the connection ended inside an answer");
    socket.destroy();
    tell();
  };
  function attempt(read: () => void): void {
    try {
      read();
    } catch (error) {
      failure ??= error as Error;
    }
  }
  socket.setEncoding("latin1").on("data", (text: string) => {
    attempt(() => reader.push(text));
    tell();
  });
  // A reset is an end as well: the server closes over bytes that it will not read.
  socket.on("error", end).on("end", end).on("close", end);
  await once(socket, "connect", { signal: AbortSignal.timeout(deadlineMs) });

  async function until(isThere: () => boolean): Promise<readonly Answer[]> {
    const timer = setTimeout(() => {
      failure ??= new Error(`neither an answer nor an end within ${deadlineMs} ms`);
      tell();
    }, deadlineMs);
    while (!isThere() && !ended && failure === undefined) await changed.promise;
    clearTimeout(timer);
    if (failure !== undefined) throw failure;
    const answers = reader.answers.slice(taken);
    taken = reader.answers.length;
    return answers;
  }

  return {
    send(bytes, those) {
      methods.push(...those);
      socket.write(bytes, "latin1");
    },
    endSending: () => void socket.end(),
    answers: (count) => until(() => reader.answers.length >= taken + count),
    untilEnd: () => until(() => false),
    get hasEnded() {
      return ended;
    },
    destroy: () => void socket.destroy(),
  };
}
