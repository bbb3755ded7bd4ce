import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { SeaworthyError } from "@seaworthy/errors";
import type { Dial, LoadProgress, LoadReport, LoadRun } from "./load-run.ts";
import type { FromLoadProcess, ToLoadProcess } from "./messages.ts";
import type { LoadPlan } from "./plan.ts";
import { serveDials } from "./serve-dials.ts";
import { validatePlan } from "./validate-plan.ts";

/** A run and the process that it is. */
export interface ForkedLoadRun extends LoadRun {
  readonly processId: number;
}

/** What `startLoad` takes beside the plan. */
export interface StartLoadOptions {
  /** Opens the connections of `dialed` targets, in this process. */
  readonly dial?: Dial;
  /** Kills the run; its report is then lost. */
  readonly signal?: AbortSignal;
}

/** Starts a load process; fulfilled when its schedule begins. */
export async function startLoad(plan: LoadPlan, options: StartLoadOptions = {}): Promise<ForkedLoadRun> {
  validatePlan(plan, { canDial: options.dial !== undefined });
  options.signal?.throwIfAborted();
  const run = new LoadProcessRun(plan, options);
  await run.started;
  return run;
}

class LoadProcessRun implements ForkedLoadRun {
  readonly #child: ChildProcess;
  readonly #started = Promise.withResolvers<void>();
  readonly #report = Promise.withResolvers<LoadReport>();
  readonly #listeners: ((progress: LoadProgress) => void)[] = [];
  #stderr = "";

  constructor(plan: LoadPlan, { dial, signal }: StartLoadOptions) {
    const child = forkLoadProcess();
    this.#child = child;
    // Who awaits neither is told by the other; nobody has to await both.
    this.#started.promise.catch(() => undefined);
    this.#report.promise.catch(() => undefined);
    const answerDial = dial && serveDials(child, dial, plan.connectTimeoutMs);
    child.on("message", (message: FromLoadProcess) => {
      if (message.type === "dial" || message.type === "taken") answerDial?.(message);
      else this.#take(message);
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4_000);
    });
    child.on("error", (error) => this.#fail(endedEarly(error.message, this.#stderr)));
    child.on("close", (code, killer) => this.#fail(endedEarly(killer ?? `exit code ${code}`, this.#stderr)));
    signal?.addEventListener("abort", () => this.#abort(signal.reason), { once: true });
    this.#tell({ type: "start", plan });
  }

  get started(): Promise<void> {
    return this.#started.promise;
  }

  get processId(): number {
    return this.#child.pid ?? 0;
  }

  onProgress(listener: (progress: LoadProgress) => void): void {
    this.#listeners.push(listener);
  }

  async stop(): Promise<LoadReport> {
    this.#tell({ type: "stop" });
    return await this.#report.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined)
      return;
    // Not `once`: that would reject when the channel complains about its end, which is what is wanted here.
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await gone;
  }

  #take(message: Exclude<FromLoadProcess, { type: "dial" | "taken" }>): void {
    if (message.type === "started") this.#started.resolve();
    else if (message.type === "progress") for (const listener of this.#listeners) listener(message.progress);
    else this.#report.resolve(message.report);
  }

  #tell(message: ToLoadProcess): void {
    if (!this.#child.connected) return;
    // A failed send means that the process is ending; "close" says how.
    this.#child.send(message, () => undefined);
  }

  #abort(reason: unknown): void {
    this.#fail(reason);
    this.#child.kill("SIGKILL");
  }

  #fail(reason: unknown): void {
    this.#started.reject(reason);
    this.#report.reject(reason);
  }
}

function forkLoadProcess(): ChildProcess {
  // The same file with the extension that this one has: .ts in the repository, .js when published.
  const file = new URL(
    `./load-process${import.meta.url.slice(import.meta.url.lastIndexOf("."))}`,
    import.meta.url,
  );
  // Flags meant for the parent (a debugger, a test runner, a preload) would delay the load process.
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  return fork(fileURLToPath(file), [], {
    serialization: "advanced",
    execPath: process.execPath,
    execArgv: [],
    env,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
}

function endedEarly(how: string, stderr: string): SeaworthyError {
  return new SeaworthyError("SW5002", `the load process ended before its report: ${how}`, {
    why: "without the report of the load process nothing is known about the requests that it sent",
    seen: stderr === "" ? [] : stderr.trimEnd().split("\n"),
    next: ["run it again; when it happens twice, report it with the lines above"],
  });
}
