import type { Socket } from "node:net";
import { ParentDialer } from "./ask-parent.ts";
import { Generator } from "./generator.ts";
import type { FromLoadProcess, ToLoadProcess } from "./messages.ts";
import { rehearse } from "./rehearse.ts";

/** The load process: takes one plan from its parent, runs it, reports, and ends with its parent at the latest. */
const progressEveryMs = 200;

let generator: Generator | undefined;
const dialer = new ParentDialer((message) => send(message));

process.on("disconnect", () => process.exit(0));
// Ctrl-C reaches every process of the terminal; the parent decides what it means and still wants its report.
process.on("SIGINT", () => undefined);
process.on("message", (message: ToLoadProcess, socket: unknown) => {
  if (message.type === "start") void start(message);
  else if (message.type === "stop") generator?.stop();
  else dialer.answered(message, socket as Socket | undefined);
});

async function start({ plan }: ToLoadProcess & { type: "start" }): Promise<void> {
  // Without it the run is only a little less precise, and says so itself.
  await rehearse(plan).catch(() => undefined);
  const running = new Generator(plan, dialer.ask);
  generator = running;
  let waiting = false;
  // A parent that does not read gets no pile of progress: the next message waits until the last one is gone.
  const timer = setInterval(() => {
    if (waiting) return;
    waiting = true;
    send({ type: "progress", progress: running.tally.progress() }, () => (waiting = false));
  }, progressEveryMs);
  void running.finished.then((report) => {
    clearInterval(timer);
    send({ type: "progress", progress: running.tally.progress() });
    send({ type: "report", report }, () => process.exit(0));
  });
  running.start();
  send({ type: "started" });
}

function send(message: FromLoadProcess, done?: () => void): void {
  // The parent may be gone already; "disconnect" then ends this process.
  process.send?.(message, undefined, {}, () => done?.());
}
