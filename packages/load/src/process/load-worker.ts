import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { SeaworthyError } from "@seaworthy/errors";
import type { TallyDelta } from "../measure/tally.ts";
import type { LoadPlan } from "../plan/plan.ts";
import type { Dial } from "./load-run.ts";
import type { FromLoadProcess, ToLoadProcess, WorkerResult } from "./messages.ts";
import { serveDials } from "./serve-dials.ts";

/** One load process, seen from its parent. */
export class LoadWorker implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ready = Promise.withResolvers<void>();
  readonly #finished = Promise.withResolvers<WorkerResult>();
  #stderr = "";

  constructor(
    plan: LoadPlan,
    worker: number,
    { dial, enter = [] }: { readonly dial?: Dial; readonly enter?: readonly string[] },
    onDelta: (delta: TallyDelta) => void,
  ) {
    const child = forkLoadProcess(enter);
    this.#child = child;
    // A caller need not await both promises: the failure of one that nobody awaits must not crash the process.
    this.#ready.promise.catch(() => undefined);
    this.#finished.promise.catch(() => undefined);
    const answerDial = dial && serveDials(child, dial, plan.connectTimeoutMs);
    child.on("message", (message: FromLoadProcess) => {
      if (message.type === "ready") this.#ready.resolve();
      else if (message.type === "delta" || message.type === "finished") onDelta(message.delta);
      else answerDial?.(message);
      if (message.type === "finished") this.#finished.resolve(message);
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4_000);
    });
    child.on("error", (error) => this.#fail(endedEarly(error.message, this.#stderr)));
    child.on("close", (code, killer) => this.#fail(endedEarly(killer ?? `exit code ${code}`, this.#stderr)));
    this.#tell({ type: "prepare", plan, worker });
  }

  get processId(): number {
    return this.#child.pid ?? 0;
  }

  /** Fulfilled when the load process can start. Rejects with SW5002 when the process ended before. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Fulfilled with what the worker kept when its last request has ended. Rejects with SW5002 when it ended before. */
  get finished(): Promise<WorkerResult> {
    return this.#finished.promise;
  }

  /** Begins the schedule at a time of the shared clock. */
  start(startAt: number): void {
    this.#tell({ type: "start", startAt });
  }

  /** Stops sending; the worker finishes with its last answer. */
  stop(): void {
    this.#tell({ type: "stop" });
  }

  /** Ends the load process at once, for this reason. */
  kill(reason: unknown): void {
    this.#fail(reason);
    this.#child.kill("SIGKILL");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { exitCode, signalCode, pid } = this.#child;
    if (exitCode !== null || signalCode !== null || pid === undefined) return;
    // `once` of node:events would reject when the channel complains about its end, but here the end is wanted.
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await gone;
  }

  #tell(message: ToLoadProcess): void {
    if (!this.#child.connected) return;
    // A failed send means that the process is ending; "close" says how.
    this.#child.send(message, () => undefined);
  }

  #fail(reason: unknown): void {
    this.#ready.reject(reason);
    this.#finished.reject(reason);
  }
}

/** `enter` are the words that become the load process somewhere else; none: it runs here. */
function forkLoadProcess(enter: readonly string[]): ChildProcess {
  // Flags meant for the parent (a debugger, a test runner, a preload) would delay the load process.
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const [execPath = process.execPath, ...execArgv] = enter.length === 0 ? [] : [...enter, process.execPath];
  return fork(fileURLToPath(new URL("./load-process.mjs", import.meta.url)), [], {
    serialization: "advanced",
    execPath,
    execArgv,
    env,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // Where each session has a share of the processor (sched(7), autogroup), it has one of its own. It ends with its channel.
    detached: true,
  });
}

function endedEarly(how: string, stderr: string): SeaworthyError {
  return new SeaworthyError("SW5002", `the load process ended before its report: ${how}`, {
    why: "without the report of the load process nothing is known about the requests that it sent",
    seen: stderr === "" ? [] : stderr.trimEnd().split("\n"),
    next: ["run it again; when it happens twice, report it with the lines above"],
  });
}
