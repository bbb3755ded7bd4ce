import type { ApiRequest, ApiResponse, Transport } from "@seaworthy/client";
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import { wait } from "../wait.ts";

/** Where and when a transport is to fail. */
export interface Faults {
  readonly clock: Clock;
  readonly random: Random;
  readonly isOn: () => boolean;
  /** Told of each fault, by its name. */
  readonly onFault: (name: string) => void;
}

/**
 * A transport between a client and an API server that fails as networks and API servers do: answers come late or not at
 * all, before or after the write took place; watches are refused, cut in the middle of a line, or slow.
 */
export function faultyTransport(inner: Transport, faults: Faults): Transport {
  return async (request) => {
    if (!faults.isOn()) return await inner(request);
    return request.query.get("watch") === "true"
      ? watch(inner, request, faults)
      : ask(inner, request, faults);
  };
}

async function ask(inner: Transport, request: ApiRequest, faults: Faults): Promise<ApiResponse> {
  const { clock, random, onFault } = faults;
  const draw = random();
  const isWrite = request.method !== "GET";
  if (draw < 0.06) {
    onFault("delay");
    await wait(clock, random() * 800);
  } else if (draw < 0.09) {
    onFault("500 before");
    return status(500, "InternalError");
  } else if (draw < 0.12 && isWrite) {
    await inner(request);
    onFault("500 after");
    return status(500, "InternalError");
  } else if (draw < 0.14 && isWrite) {
    await inner(request);
    onFault("answer lost");
    throw new Error("ECONNRESET");
  } else if (draw < 0.17 && (request.method === "PUT" || request.method === "PATCH")) {
    onFault("409");
    return status(409, "Conflict");
  } else if (draw < 0.18) {
    onFault("429");
    return status(429, "TooManyRequests");
  }
  const response = await inner(request);
  if (draw > 0.97) {
    onFault("late answer");
    await wait(clock, random() * 800);
  }
  return response;
}

async function watch(inner: Transport, request: ApiRequest, faults: Faults): Promise<ApiResponse> {
  const { random, onFault } = faults;
  const draw = random();
  if (draw < 0.06) {
    onFault("watch refused");
    return status(500, "InternalError");
  }
  if (draw < 0.1) {
    onFault("410");
    return status(410, "Expired");
  }
  const gone = new AbortController();
  const abort = () => gone.abort();
  request.signal?.addEventListener("abort", abort, { once: true });
  gone.signal.addEventListener("abort", () => request.signal?.removeEventListener("abort", abort), {
    once: true,
  });
  if (request.signal?.aborted === true) gone.abort();
  const response = await inner({ ...request, signal: gone.signal });
  if (typeof response.body === "string") return response;
  const { events: _events, ...text } = response;
  return { ...text, body: disturb(response.body, faults, gone) };
}

/** Pieces of lines, later than they were sent, and not all of them. */
async function* disturb(
  chunks: AsyncIterable<string>,
  { clock, random, isOn, onFault }: Faults,
  gone: AbortController,
): AsyncIterable<string> {
  const isSlow = random() < 0.2;
  const livesMs = random() < 0.6 ? random() * 20_000 : Number.POSITIVE_INFINITY;
  const endsAt = clock.now() + livesMs;
  const breaks = random() < 0.5;
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = iterator.next();
      const isOver = Number.isFinite(livesMs) && (await wait(clock, endsAt - clock.now(), next));
      if (isOver && isOn()) {
        onFault(breaks ? "watch broken" : "watch ended");
        if (breaks) throw new Error("ECONNRESET");
        return;
      }
      const { done, value } = await next;
      if (done === true || gone.signal.aborted) return;
      if (isSlow && isOn()) {
        onFault("slow client");
        await wait(clock, random() * 2000);
      }
      const cut = Math.floor(random() * value.length);
      yield value.slice(0, cut);
      if (clock.now() >= endsAt && isOn()) {
        onFault("watch cut in a line");
        return;
      }
      yield value.slice(cut);
    }
  } finally {
    gone.abort();
  }
}

function status(code: number, reason: string): ApiResponse {
  const body = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    reason,
    message: reason,
    code,
  };
  return { status: code, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
