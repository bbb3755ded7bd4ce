import type { Route, StreamWish } from "@seaworthy/app";
import { SeaworthyError, type Notice } from "@seaworthy/errors";
import { openStream, type StreamTemplate } from "@seaworthy/load";
import { codeOf } from "./ask/answer.ts";
import type { ChosenTarget } from "./choose-targets.ts";

/** What is needed to try streams. */
export interface ConfirmStreamsOptions {
  /** The routes with the streams that travel each, in the order of the wishes. */
  readonly routes: readonly Route[];
  readonly signal: AbortSignal;
  readonly onNotice: (notice: Notice) => void;
}

/**
 * Opens each kind of stream once through every target that its path leads to, before anything is rolled. Rejects with SW1211
 * when one can be opened nowhere; a target that does not open it does not get it.
 */
export async function confirmStreams(
  chosen: readonly ChosenTarget[],
  wishes: readonly StreamWish[],
  { routes, signal, onNotice }: ConfirmStreamsOptions,
): Promise<StreamTemplate[]> {
  const tried = await Promise.all(
    chosen.flatMap((target) => {
      const route = routes.find(
        ({ kind, label }) => kind === target.way.route.kind && label === target.way.route.label,
      );
      return (route?.requests ?? []).map(async ({ index, path }) => {
        signal.throwIfAborted();
        const wish = wishes[index]!;
        return { index, path, target, wish, problem: await problemOf(target, { ...wish, path }) };
      });
    }),
  );
  const lost = wishes.findIndex(
    (_, at) => !tried.some(({ index, problem }) => index === at && problem === undefined),
  );
  if (lost >= 0)
    throw notOpened(
      wishes[lost]!,
      lost,
      tried.filter(({ index }) => index === lost).map(({ target, problem }) => `${target.name}: ${problem}`),
    );
  const bad = tried.filter(({ problem }) => problem !== undefined);
  if (bad.length > 0)
    onNotice({
      text: "some streams are held only where they can be opened",
      names: bad.map(
        ({ wish, target, problem }) => `${wish.kind} ${wish.path} (not by ${target.name}: ${problem})`,
      ),
    });
  return tried
    .filter(({ problem }) => problem === undefined)
    .map(({ path, target, wish: { kind, headers, body, connections } }) => ({
      kind,
      path,
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
      connections,
      targets: [target.name],
    }));
}

/** An edge that has just learnt of its pods may fail once. */
const timesTried = 3;
const timeoutMs = 5_000;

async function problemOf(
  { way }: ChosenTarget,
  stream: Pick<StreamTemplate, "kind" | "path" | "headers" | "body">,
): Promise<string | undefined> {
  let problem = "";
  for (let times = 0; times < timesTried; times += 1) {
    try {
      const { socket } = await way.dial(timeoutMs);
      const opened = await openStream(socket, stream, way.route.hostHeader, {
        openMs: timeoutMs,
        silentMs: timeoutMs,
      });
      opened.close();
      return undefined;
    } catch (error) {
      problem = error instanceof Error && !("code" in error) ? error.message : codeOf(error);
    }
  }
  return problem;
}

function notOpened(
  { kind, path, place }: StreamWish,
  index: number,
  seen: readonly string[],
): SeaworthyError {
  const where = seen.length === 0 ? "no route leads there" : [...new Set(seen)].join(", ");
  return new SeaworthyError("SW1211", `a stream of ${kind} at ${path} cannot be opened: ${where}`, {
    place,
    field: `trial.streams[${index}]`,
    why: "a stream that cannot be opened before anything is rolled cannot be held through a rollout",
    next: [
      "mend the path or the headers",
      "server-sent events are answered with 200 and text/event-stream, a WebSocket with 101, a call with the head of its answer",
    ],
  });
}
