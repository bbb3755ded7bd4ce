import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SeaworthyError } from "@seaworthy/errors";
import type { Dial, Target } from "@seaworthy/load";

/** What a trial asks with. */
export type Method = "GET" | "POST";

/** How the first requests to a target went. */
interface Answer {
  readonly status: number | undefined;
  readonly detail: string;
}

export interface PreflightOptions {
  readonly dial: Dial | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
}

const pauseMs = 100;
/** An edge's workers learn of endpoints one by one, within a second of each other, so one good answer says too little. */
const steadyMs = 1_200;
const requestTimeoutMs = 5_000;

/**
 * Asks every target before the load begins, until it answers as it should. Gives the methods that all targets
 * take; a path that answers GET but refuses POST is asked with GET only. Rejects with SW1202 when one answers nothing good.
 */
export async function preflight(targets: readonly Target[], options: PreflightOptions): Promise<Method[]> {
  const accepting = await Promise.all(targets.map((target) => methodsOf(target, options)));
  const methods = (["GET", "POST"] as const).filter((method) =>
    accepting.every((taken) => taken.includes(method)),
  );
  if (!methods.includes("POST"))
    options.onNotice("POST is not tried: not every target answers it with 200-399");
  return methods;
}

async function methodsOf(target: Target, options: PreflightOptions): Promise<Method[]> {
  const deadline = performance.now() + options.timeoutMs;
  let answer = await ask(target, "GET", options);
  let goodSince = performance.now();
  while (performance.now() < deadline && !(isGood(answer) && performance.now() - goodSince >= steadyMs)) {
    await sleep(pauseMs, undefined, { signal: options.signal });
    answer = await ask(target, "GET", options);
    if (!isGood(answer)) goodSince = performance.now();
  }
  if (!isGood(answer)) throw noGoodAnswer(target, answer, options.timeoutMs);
  return isGood(await ask(target, "POST", options)) ? ["GET", "POST"] : ["GET"];
}

function isGood({ status }: Answer): boolean {
  return status !== undefined && status >= 200 && status < 400;
}

async function ask(target: Target, method: Method, { dial, signal }: PreflightOptions): Promise<Answer> {
  signal.throwIfAborted();
  let socket: Socket | undefined;
  try {
    socket = await open(target, dial);
    return { status: await statusOf(socket, target, method), detail: "" };
  } catch (error) {
    return { status: undefined, detail: (error as NodeJS.ErrnoException).code ?? String(error) };
  } finally {
    socket?.destroy();
  }
}

async function open(target: Target, dial: Dial | undefined): Promise<Socket> {
  const { via } = target;
  if (via.kind === "dialed") return (await dial!(target.name, requestTimeoutMs)).socket;
  const socket =
    via.kind === "unix" ? connect({ path: via.path }) : connect({ host: via.host, port: via.port });
  const result = Promise.withResolvers<Socket>();
  socket.once("connect", () => result.resolve(socket));
  socket.on("error", (error) => result.reject(error));
  return await result.promise;
}

async function statusOf(socket: Socket, target: Target, method: Method): Promise<number> {
  const result = Promise.withResolvers<number>();
  const sent = request({
    createConnection: () => socket,
    method,
    path: target.path,
    headers: {
      host: target.hostHeader,
      connection: "close",
      ...(method === "POST" ? { "content-length": 0 } : {}),
    },
    timeout: requestTimeoutMs,
  });
  sent.on("response", (response) => {
    response.resume();
    result.resolve(response.statusCode ?? 0);
  });
  sent.on("timeout", () => sent.destroy(new Error(`no answer within ${requestTimeoutMs / 1000} s`)));
  sent.on("error", (error) => result.reject(error));
  sent.end();
  return await result.promise;
}

function noGoodAnswer(target: Target, answer: Answer, timeoutMs: number): SeaworthyError {
  const how = answer.status === undefined ? answer.detail : `status ${answer.status}`;
  return new SeaworthyError(
    "SW1202",
    `${target.name} does not answer GET ${target.path} (Host: ${target.hostHeader}) with 200-399: ${how}`,
    {
      why: "a trial needs a path that answers well before anything is rolled",
      seen: [`asked again and again for ${Math.round(timeoutMs / 1000)} s; the last answer: ${how}`],
      next: [
        "name a path that answers 200: `trial: { path: /healthz }` in seaworthy.yaml",
        "and, where the rule wants another host name: --host HOST",
      ],
    },
  );
}
