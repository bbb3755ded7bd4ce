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
import { containerLimits } from "../limits/container-limits.ts";
import type { Confinement } from "../limits/create-limits.ts";
import { joinInside } from "../volumes/join-inside.ts";
import type { ContainerProcess, ContainerSpec, ExitStatus } from "../runtime/pod-runtime.ts";
import { startProbeWorker, type ProbeKind, type ProbeWorker } from "../probes/probe-worker.ts";
import { preparationFailure } from "./preparation-failure.ts";
import { runningOnNode, type RunningOnNode } from "./running-on-node.ts";
import { createRestartBackoff } from "./restart-backoff.ts";
import { runProbe, type RunCommand } from "../probes/run-probe.ts";
import { terminationMessage } from "./termination-message.ts";
import { standInExec } from "../stand-in/stand-in-exec.ts";
import { standInProbe } from "../stand-in/stand-in-probe.ts";
import { wait } from "../../wait.ts";

const configRetryMs = 1000;
const postStartTimeoutMs = 24 * 3600 * 1000;

/** One container of a pod through all its restarts. */
export class ContainerLifecycle {
  readonly container: Container;
  readonly record: ContainerRecord;
  readonly #context: ContainerContext;
  readonly #backoff = createRestartBackoff();
  readonly #stopped = Promise.withResolvers<void>();
  #stopping = false;
  #terminating = false;
  #workers: ProbeWorker[] = [];
  #current: (RunningContainer & { readonly spec: ContainerSpec; readonly standIn: boolean }) | undefined;
  #onNode: RunningOnNode | undefined;
  #starts: number;
  readonly #wasOver: boolean;

  /** `found` is what is known of it from before its node was started anew. */
  constructor(container: Container, context: ContainerContext, found?: FoundContainer) {
    this.container = container;
    this.#context = context;
    this.record = found?.record ?? newRecord(container.name, container.image ?? "");
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

  async #prepare(): Promise<Preparation | undefined> {
    let reported = "";
    for (let pulls = 0; !this.#stopping; pulls += 1) {
      try {
        const { logDir, terminationDir } = this.#context;
        const files = {
          logFile: joinInside(logDir, this.container.name, `${this.#starts}.log`),
          terminationLog: joinInside(terminationDir, this.container.name, `${this.#starts}`),
        };
        const prepared = await this.#context.prepare(this.container, files);
        const image = this.container.image ?? "";
        const pulled = `Container image "${image}" already present on machine`;
        this.#context.event("Normal", "Pulled", pulled, this.container.name);
        if (prepared.notice !== undefined)
          this.#context.event("Normal", "NotAsInCluster", prepared.notice, this.container.name);
        return this.#stopping ? undefined : prepared;
      } catch (error) {
        const { isPull, reason, message, text } = preparationFailure(error, pulls);
        if (reported !== reason + message) {
          reported = reason + message;
          this.#context.event("Warning", "Failed", text, this.container.name);
          this.#set({ waiting: { reason, message } });
        }
        // The kubelet pulls again with the same back-off as it restarts.
        const retryMs = isPull ? Math.min(10_000 * 2 ** pulls, 300_000) : configRetryMs;
        await wait(
          this.#context.clock,
          pulls === 0 && isPull ? configRetryMs : retryMs,
          this.#stopped.promise,
        );
      }
    }
    return undefined;
  }

  async #runOnce(prepared: Preparation): Promise<ExitStatus> {
    const { clock, clusterClock, uid } = this.#context;
    const { name } = this.container;
    const restartCount = this.#starts;
    this.#starts += 1;
    this.record.restartCount = restartCount;
    this.record.containerId = `seaworthy://${createHash("sha256").update(`${uid}/${name}/${restartCount}`).digest("hex")}`;
    this.#context.event("Normal", "Created", `Container created`, name);
    const confinement = this.#confine(prepared);
    let process: ContainerProcess;
    try {
      process = await this.#startProcess(prepared, confinement);
    } catch (error) {
      confinement?.end();
      return this.#failedStart(error);
    }
    const startedAtMs = clock.now();
    const startedAt = timestamp(clusterClock.now());
    const { spec, terminationLog } = prepared;
    const journal = this.#noteStart(prepared, process, startedAtMs, confinement);
    if (this.#stopping) process.signal("SIGKILL");
    this.#context.event("Normal", "Started", `Container started`, name);
    const exited = process.exited;
    void this.#started(startedAtMs, startedAt, process);
    const exit = await exited;
    const isOutOfMemory = confinement?.end() ?? false;
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

  async #startProcess(
    { spec }: Preparation,
    confinement: Confinement | undefined,
  ): Promise<ContainerProcess> {
    const { sandbox } = this.#context;
    const process = await sandbox.start({ ...spec, onProcess: (pid) => confinement?.enter(pid) });
    confinement?.watch({
      usedBytes: () => sandbox.readUsage?.(process)?.memoryBytes,
      kill: () => process.signal("SIGKILL"),
    });
    return process;
  }

  #noteStart(
    { spec, standIn, stopSignal }: Preparation,
    process: ContainerProcess,
    startedAtMs: number,
    confinement: Confinement | undefined,
  ): OpenJournal {
    const { container } = this;
    const { sandbox } = this.#context;
    const start = { container: container.name, standIn, startedAt: startedAtMs, listeners: [] };
    const journal = this.#context.journal(start);
    this.#current = { process, spec, standIn, stopSignal, journal, look: undefined, killing: false };
    const throttledNanoseconds = () => confinement?.throttledNanoseconds();
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

  /** A stand-in is not held to the limits of the app that it stands in for: it is larger than many an app. */
  #confine({ standIn }: Preparation): Confinement | undefined {
    return standIn ? undefined : this.#context.limits.confine(containerLimits(this.container));
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
    this.#context.event(
      "Normal",
      "Killing",
      why === "FailedPostStartHook" ? why : `Container ${name} failed ${why}, will be restarted`,
      name,
    );
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
