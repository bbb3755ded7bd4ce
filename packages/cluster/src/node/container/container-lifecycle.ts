import { createHash } from "node:crypto";
import { SeaworthyError } from "@seaworthy/errors";
import { type Container, type Probe, timestamp } from "@seaworthy/kube";
import type { ContainerContext, Preparation } from "./container-context.ts";
import type { OpenJournal } from "./container-journal.ts";
import { newRecord, type ContainerRecord } from "./container-record.ts";
import { endContainer, endOf, lookAt, type RunningContainer } from "./end-container.ts";
import type { FoundContainer } from "./found-container.ts";
import { createGracePeriod, type GracePeriod } from "./grace-period.ts";
import { runHook } from "./hooks.ts";
import { holdContainer, type HeldContainer } from "../limits/hold-container.ts";
import { needsRestart } from "../resources/needs-restart.ts";
import type { ContainerProcess, ContainerSpec, ExitStatus } from "../runtime/pod-runtime.ts";
import { startProbeWorker, type ProbeKind, type ProbeWorker } from "../probes/probe-worker.ts";
import { prepareStart } from "./prepare-start.ts";
import { runningOnNode, type RunningOnNode } from "./running-on-node.ts";
import { createRestartBackoff } from "./restart-backoff.ts";
import { runProbe, type RunCommand } from "../probes/run-probe.ts";
import { terminationMessage } from "./termination-message.ts";
import { standInExec } from "../stand-in/stand-in-exec.ts";
import { standInProbe } from "../stand-in/stand-in-probe.ts";
import { wait } from "../../wait.ts";

const postStartTimeoutMs = 24 * 3600 * 1000;

/** One container of a pod through all its restarts. */
export class ContainerLifecycle {
  container: Container;
  readonly record: ContainerRecord;
  readonly #context: ContainerContext;
  readonly #backoff = createRestartBackoff();
  readonly #stopped = Promise.withResolvers<void>();
  #stopping = false;
  #terminating = false;
  #workers: ProbeWorker[] = [];
  #current:
    | (RunningContainer & {
        readonly spec: ContainerSpec;
        readonly standIn: boolean;
        readonly held: HeldContainer;
      })
    | undefined;
  #restartsForResize = false;
  #onNode: RunningOnNode | undefined;
  #starts: number;
  readonly #wasOver: boolean;

  /** `found` is what is known of it from before its node was started anew. */
  constructor(container: Container, context: ContainerContext, found?: FoundContainer) {
    this.container = container;
    this.#context = context;
    this.record =
      found?.record ?? newRecord(container.name, container.image ?? "", container.resources ?? {});
    this.#starts = found?.starts ?? 0;
    this.#wasOver = found?.isOver ?? false;
  }

  /** The container as long as it runs, for those who talk to it or measure it. */
  get onNode(): RunningOnNode | undefined {
    return this.#onNode;
  }

  /** Runs the container, again and again by the restart policy; resolves when it is over for good. */
  async run(): Promise<void> {
    if (this.#wasOver) return;
    while (!this.#stopping) {
      const prepared = await this.#prepare();
      if (prepared === undefined) return;
      const exit = await this.#runOnce(prepared);
      if (this.#restartsForResize && !this.#stopping) {
        this.#restartsForResize = false;
        this.record.lastState = this.record.state;
        continue;
      }
      const { restart } = this.#context;
      if (this.#stopping || restart === "Never" || (restart === "OnFailure" && exit.exitCode === 0)) return;
      await this.#backOff();
    }
  }

  /**
   * Ends the container for good: preStop, SIGTERM, and SIGKILL when the grace has passed.
   * pkg/kubelet/kuberuntime/kuberuntime_container.go killContainer. `turn` is awaited before SIGTERM (sidecars).
   */
  async stop(grace: GracePeriod, turn: Promise<unknown> = Promise.resolve()): Promise<void> {
    this.#stopping = true;
    this.#stopped.resolve();
    const running = this.#current;
    if (running === undefined) return;
    this.#context.event(
      "Normal",
      "Killing",
      `Stopping container ${this.container.name}`,
      this.container.name,
    );
    await this.#kill(grace, turn);
  }

  /** Takes other resources, which are in force at once or, where its policy says so, when it has been started anew. */
  resize(container: Container): void {
    const { record } = this;
    this.container = container;
    record.allocated = container.resources ?? {};
    const running = this.#current;
    if (running === undefined) record.resources = record.allocated;
    else if (!needsRestart(container, record.resources ?? {})) running.held.resize(container);
    else if (!this.#restartsForResize && !this.#stopping) {
      this.#restartsForResize = true;
      void this.#restart("resize", undefined);
    }
  }

  /** From now on only readiness is probed, as for every pod that is being deleted. */
  terminating(): void {
    this.#terminating = true;
    for (const worker of this.#workers.splice(1)) worker.stop();
  }

  /** Probes readiness no more: the pod is over. */
  stopProbes(): void {
    for (const worker of this.#workers.splice(0)) worker.stop();
  }

  /** Kills at once, without hooks. */
  killNow(): void {
    this.#stopping = true;
    this.#stopped.resolve();
    this.stopProbes();
    this.#current?.process.signal("SIGKILL");
  }

  #prepare(): Promise<Preparation | undefined> {
    return prepareStart({
      context: this.#context,
      container: () => this.container,
      starts: this.#starts,
      stopped: this.#stopped.promise,
      isStopping: () => this.#stopping,
      onWaiting: (state) => this.#set(state),
    });
  }

  async #runOnce(preparation: Preparation): Promise<ExitStatus> {
    const { clock, clusterClock, uid, sandbox } = this.#context;
    const { name, resources } = this.container;
    const restartCount = this.#starts;
    this.#starts += 1;
    this.record.restartCount = restartCount;
    this.record.containerId = `seaworthy://${createHash("sha256").update(`${uid}/${name}/${restartCount}`).digest("hex")}`;
    this.#context.event("Normal", "Created", `Container created`, name);
    const held = holdContainer(this.#context, this.record, this.container, preparation.standIn);
    const prepared = { ...preparation, spec: { ...preparation.spec, controlGroups: held.view } };
    let process: ContainerProcess;
    try {
      process = await sandbox.start({ ...prepared.spec, onProcess: (pid) => held.enter(pid) });
    } catch (error) {
      held.end();
      return this.#failedStart(error);
    }
    held.watch(process);
    const startedAtMs = clock.now();
    const startedAt = timestamp(clusterClock.now());
    const { spec, terminationLog } = prepared;
    const journal = this.#noteStart(prepared, process, startedAtMs, held);
    this.record.resources = resources ?? {};
    // It may have been resized while it was being made.
    this.resize(this.container);
    if (this.#stopping) process.signal("SIGKILL");
    this.#context.event("Normal", "Started", `Container started`, name);
    const exited = process.exited;
    void this.#started(startedAtMs, startedAt, process);
    const exit = await exited;
    const isOutOfMemory = held.end();
    journal.end = endOf(exit, journal, clock.now());
    this.stopProbes();
    this.#current = undefined;
    this.#onNode = undefined;
    const { logFile } = spec;
    const message = await terminationMessage(this.container, exit.exitCode, { logFile, terminationLog });
    this.#ended({
      exitCode: exit.exitCode,
      reason: isOutOfMemory ? "OOMKilled" : exit.exitCode === 0 ? "Completed" : "Error",
      ...(message === "" ? {} : { message }),
      startedAt,
      finishedAt: timestamp(clusterClock.now()),
      containerID: this.record.containerId,
    });
    return exit;
  }

  #noteStart(
    { spec, standIn, stopSignal }: Preparation,
    process: ContainerProcess,
    startedAtMs: number,
    held: HeldContainer,
  ): OpenJournal {
    const { container } = this;
    const { sandbox } = this.#context;
    const start = { container: container.name, standIn, startedAt: startedAtMs, listeners: [] };
    const journal = this.#context.journal(start);
    this.#current = { process, spec, standIn, stopSignal, journal, held, look: undefined, killing: false };
    const throttledNanoseconds = () => held.throttledNanoseconds();
    this.#onNode = runningOnNode({
      process,
      spec,
      sandbox,
      container,
      standIn,
      startedAtMs,
      throttledNanoseconds,
    });
    return journal;
  }

  /** After the process runs: the postStart hook first, then the status Running, then probes. */
  async #started(startedAtMs: number, startedAt: string, process: ContainerProcess): Promise<void> {
    const { clock, sandbox } = this.#context;
    const { lifecycle, name, startupProbe, readinessProbe, livenessProbe } = this.container;
    if (lifecycle?.postStart !== undefined) {
      try {
        const context = {
          clock,
          container: this.container,
          sandbox,
          exec: this.#exec,
          timeoutMs: postStartTimeoutMs,
        };
        await runHook(lifecycle.postStart, context);
      } catch (error) {
        if (this.#current?.process !== process) return;
        this.#context.event(
          "Warning",
          "FailedPostStartHook",
          `PostStartHook failed: ${(error as Error).message}`,
          name,
        );
        await this.#restart("FailedPostStartHook", undefined);
        return;
      }
    }
    if (this.#current?.process !== process) return;
    this.record.started = startupProbe === undefined;
    this.record.ready = readinessProbe === undefined;
    this.#set({ running: { startedAt } });
    // Readiness comes first: `terminating` stops all but the first.
    const readiness = this.#probe("readiness", readinessProbe, startedAtMs);
    if (readiness === undefined) this.#workers.push({ trigger() {}, stop() {} });
    if (this.#terminating) return;
    this.#probe("startup", startupProbe, startedAtMs);
    this.#probe("liveness", livenessProbe, startedAtMs);
  }

  #probe(kind: ProbeKind, probe: Probe | undefined, startedAtMs: number): ProbeWorker | undefined {
    if (probe === undefined) return undefined;
    const { clock, sandbox, pace } = this.#context;
    const { name } = this.container;
    const title = `${kind[0]!.toUpperCase()}${kind.slice(1)}`;
    const worker = startProbeWorker({
      clock,
      kind,
      probe,
      startedAtMs,
      hurryMs: pace().hurryMs,
      isStarted: () => this.record.started,
      run: () =>
        runProbe(
          this.#current?.standIn === true ? standInProbe(probe) : probe,
          this.container,
          sandbox,
          this.#probeExec,
        ),
      onFailure: (message) =>
        this.#context.event("Warning", "Unhealthy", `${title} probe failed: ${message}`, name),
      onResult: ({ success }) => this.#onProbe(kind, probe, success),
    });
    this.#workers.push(worker);
    return worker;
  }

  #onProbe(kind: ProbeKind, probe: Probe, success: boolean): void {
    if (kind === "readiness") this.record.ready = success;
    // Who listens is asked once it does, so that its end need not wait for the answer.
    const running = this.#current;
    if (success && running !== undefined && running.look === undefined)
      void lookAt(running, this.#context.sandbox);
    if (kind === "startup" && success) {
      this.record.started = true;
      // The first worker is readiness: it need not wait for its next period.
      this.#workers[0]?.trigger();
    }
    this.#context.changed();
    if (kind !== "readiness" && !success && !this.#terminating)
      void this.#restart(`${kind} probe`, probe.terminationGracePeriodSeconds);
  }

  /** Kills a container that is to be started again by the restart policy. */
  async #restart(why: string, graceSeconds: number | undefined): Promise<void> {
    const { name } = this.container;
    this.#context.event("Normal", "Killing", killingMessage(name, why), name);
    const graceMs = graceSeconds === undefined ? this.#context.terminationGraceMs() : graceSeconds * 1000;
    await this.#kill(createGracePeriod(this.#context.clock, graceMs), Promise.resolve());
  }

  async #kill(grace: GracePeriod, turn: Promise<unknown>): Promise<void> {
    const running = this.#current;
    if (running === undefined) return;
    const { clock, sandbox } = this.#context;
    const { container } = this;
    await endContainer(running, grace, turn, {
      clock,
      container,
      sandbox,
      exec: this.#exec,
      onHookFailure: (message) =>
        this.#context.event("Warning", "FailedPreStopHook", `PreStopHook failed: ${message}`, container.name),
    });
  }

  #failedStart(error: unknown): ExitStatus {
    const { clusterClock } = this.#context;
    const { message } = error as Error;
    const reason =
      error instanceof SeaworthyError && error.code === "SW2002"
        ? "RunContainerError"
        : "CreateContainerError";
    const text = `failed to start container "${this.container.name}": ${message}`;
    this.#context.event("Warning", "Failed", `Error: ${text}`, this.container.name);
    const time = timestamp(clusterClock.now());
    this.#ended({
      exitCode: 128,
      reason: "StartError",
      message: text,
      startedAt: time,
      finishedAt: time,
      containerID: this.record.containerId,
    });
    this.record.lastState = this.record.state;
    this.#set({ waiting: { reason, message: text } });
    return { exitCode: 128, signal: undefined };
  }

  async #backOff(): Promise<void> {
    const { clusterClock, podName } = this.#context;
    const { name } = this.container;
    const delayMs = this.#backoff.next(clusterClock.now());
    if (this.record.state.terminated !== undefined) this.record.lastState = this.record.state;
    if (delayMs === 0) return;
    const seconds = delayMs / 1000;
    const delay = seconds >= 60 ? `${Math.floor(seconds / 60)}m${seconds % 60}s` : `${seconds}s`;
    const message = `back-off ${delay} restarting failed container=${name} pod=${podName}`;
    this.#context.event(
      "Warning",
      "BackOff",
      `Back-off restarting failed container ${name} in pod ${podName}`,
      name,
    );
    this.#set({ waiting: { reason: "CrashLoopBackOff", message } });
    await wait(clusterClock, delayMs, this.#stopped.promise);
    // A pod that is deleted meanwhile shows how its container ended, not that it waits.
    if (this.#stopping && this.record.lastState !== undefined) this.#set(this.record.lastState);
  }

  #ended(terminated: NonNullable<ContainerRecord["state"]["terminated"]>): void {
    this.record.started = false;
    this.record.ready = false;
    this.#set({ terminated });
  }

  #set(state: ContainerRecord["state"]): void {
    this.record.state = state;
    this.#context.changed();
  }

  readonly #exec: RunCommand = async (argv, timeoutMs) => {
    const { clock, sandbox, execDelayMs } = this.#context;
    const delayMs = Math.min(execDelayMs(), timeoutMs);
    if (delayMs > 0) await wait(clock, delayMs);
    const running = this.#current;
    if (running === undefined) return { exitCode: 1, output: "container not running", timedOut: false };
    if (running.standIn) return await standInExec(clock)(argv, timeoutMs - delayMs);
    return await sandbox.exec(running.process, running.spec, argv, timeoutMs - delayMs);
  };

  /** A stand-in's exec probes succeed: what they would look at is not there. */
  readonly #probeExec: RunCommand = (argv, timeoutMs) =>
    this.#current?.standIn === true
      ? Promise.resolve({ exitCode: 0, output: "", timedOut: false })
      : this.#exec(argv, timeoutMs);
}

function killingMessage(name: string, why: string): string {
  if (why === "FailedPostStartHook") return why;
  return why === "resize"
    ? `Container ${name} resize requires restart`
    : `Container ${name} failed ${why}, will be restarted`;
}
