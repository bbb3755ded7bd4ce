import { flushCompileCache } from "node:module";
import type { Socket } from "node:net";
import { Generator, type GeneratorOptions } from "../generator/generator.ts";
import { rehearse } from "../generator/rehearse.ts";
import { epochMs } from "../measure/epoch-ms.ts";
import type { LoadPlan } from "../plan/plan.ts";
import { StreamKeeper } from "../streams/stream-keeper.ts";
import { AddressBook } from "../transport/address-book.ts";
import { lookUp } from "../transport/look-up.ts";
import { ParentDialer } from "./ask-parent.ts";
import { type FromLoadProcess, sharedClockMs, type ToLoadProcess } from "./messages.ts";

/** A load process: takes its part of one plan from its parent, runs it, tells what came of it, and ends with its parent at the latest. */
const deltaEveryMs = 200;

let generator: Generator | undefined;
let keeper: StreamKeeper | undefined;
const now = (): number => performance.now();
const dialer = new ParentDialer((message) => send(message));

process.on("disconnect", () => process.exit(0));
// Ctrl-C reaches every process of the terminal; the parent decides what it means and still wants its report.
process.on("SIGINT", () => undefined);
process.on("message", (message: ToLoadProcess, socket: unknown) => {
  if (message.type === "prepare") void prepare(message.plan, message.worker);
  else if (message.type === "start") start(message.startAt);
  else if (message.type === "stop") generator?.stop();
  else dialer.answered(message, socket as Socket | undefined);
});

async function prepare(plan: LoadPlan, worker: number): Promise<void> {
  const options: GeneratorOptions = {
    worker,
    now,
    timeOrigin: performance.timeOrigin,
    addresses: new AddressBook(plan.dns, lookUp, now),
    ask: dialer.ask,
  };
  // Without a rehearsal the run is only a little less precise, and its report tells how much.
  await rehearse(plan, options).catch(() => undefined);
  generator = new Generator(plan, options);
  if (worker === 0 && plan.streams.length > 0) keeper = new StreamKeeper(plan, { ...options, now: epochMs });
  // Node would flush the cache at the exit, but the parent may not wait for the exit.
  flushCompileCache();
  send({ type: "ready" });
}

function start(startAt: number): void {
  const running = generator as Generator;
  let waiting = false;
  // The next delta waits until the last one is sent, so that no deltas pile up for a parent that does not read.
  const timer = setInterval(() => {
    if (waiting) return;
    waiting = true;
    send({ type: "delta", delta: running.takeDelta() }, () => (waiting = false));
  }, deltaEveryMs);
  void running.finished.then(() => {
    clearInterval(timer);
    const { failures } = running.tally;
    keeper?.[Symbol.dispose]();
    const [streams, streamEnds] = [keeper?.reports ?? [], keeper?.ends ?? []];
    const kept = { failures, streams, streamEnds, unendedStreams: keeper?.unended ?? [] };
    send({ type: "finished", delta: running.takeDelta(), ...kept }, () => process.exit(0));
  });
  running.start(startAt - sharedClockMs() + now());
  keeper?.start();
}

function send(message: FromLoadProcess, done?: () => void): void {
  // The parent may be gone already; "disconnect" then ends this process.
  process.send?.(message, undefined, {}, () => done?.());
}
