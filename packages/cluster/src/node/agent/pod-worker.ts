import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { deepEqual, type Container, type Pod, type PodStatus, hasPodEnded } from "@seaworthy/kube";
import type { PodOnNode } from "../../kubelet.ts";
import { between } from "../../range.ts";
import type { ContainerContext } from "../container/container-context.ts";
import { findContainers, type FoundContainer } from "../container/found-container.ts";
import type { RunningOnNode } from "../container/running-on-node.ts";
import { createGracePeriod, type GracePeriod } from "../container/grace-period.ts";
import { PodAllocation } from "../resources/pod-allocation.ts";
import { resizeEvent } from "../resources/resize-event.ts";
import { watchActiveDeadline, type ActiveDeadline } from "./active-deadline.ts";
import { rejectedStatus, type Rejection } from "./admit-pod.ts";
import { containerPath } from "./container-path.ts";
import { PodContainers } from "./pod-containers.ts";
import { logDirectory, podDirectory } from "./pod-directory.ts";
import { deadlineExceeded, eviction, type PodEnding } from "./pod-ending.ts";
import type { NodeContext } from "./node-context.ts";
import { podFiles, writePodFiles } from "../pod-files/pod-files.ts";
import { removePod } from "./remove-pod.ts";
import type { PodSandbox } from "../runtime/pod-runtime.ts";
import { computePodStatus } from "./pod-status.ts";
import { takePlace, type PodPlace } from "./take-place.ts";
import { createStatusWriter, type StatusWriter } from "./status-writer.ts";
import { prepareContainer } from "../container/prepare-container.ts";
import { removeMemoryFolders } from "../volumes/memory-folder.ts";
import { runVolumes } from "../volumes/run-volumes.ts";
import type { VolumeAt } from "../volumes/set-up-volumes.ts";
import { rememberTokens } from "../volumes/tokens.ts";
import { volumeFolder } from "../../volume-folders.ts";
import { wait } from "../../wait.ts";

const evictionGraceMs = 1000;

/** Runs one pod from its binding to its deletion. */
export class PodWorker {
  readonly done: Promise<void>;
  #pod: Pod;
  readonly #node: NodeContext;
  readonly #startTimeMs: number;
  /** By container name; not empty of news when the node was started anew under a pod that ran. */
  readonly #found: ReadonlyMap<string, FoundContainer>;
  readonly #deleted = Promise.withResolvers<void>();
  readonly #disposed = Promise.withResolvers<void>();
  readonly #tornDown = Promise.withResolvers<void>();
  #isDisposed = false;
  #containers: PodContainers | undefined;
  #sandbox: PodSandbox | undefined;
  #place: PodPlace | undefined;
  #grace: GracePeriod | undefined;
  #deadline: ActiveDeadline | undefined;
  /** Why the node itself ends the pod. */
  #ending: PodEnding | undefined;
  readonly #ended = Promise.withResolvers<void>();
  #metadataChanges = Promise.withResolvers<void>();
  #isGone = false;
  readonly #allocation: PodAllocation;
  readonly #status: StatusWriter;
  #rejection: Rejection | undefined;
  /** Until the node has looked at the pod, its status is not the node's to write. */
  #isJudged = false;

  /** `admission` tells whether the node takes the pod. */
  constructor(pod: Pod, node: NodeContext, admission: Promise<Rejection | undefined>) {
    this.#pod = { ...pod, apiVersion: "v1", kind: "Pod" };
    this.#node = node;
    const { startTime } = pod.status ?? {};
    this.#startTimeMs = startTime === undefined ? node.clusterClock.now() : Date.parse(startTime);
    this.#allocation = new PodAllocation(pod);
    this.#found = findContainers(this.#allocation.of(pod), node.clusterClock.now());
    const wasOver = hasPodEnded(pod);
    this.#status = createStatusWriter({
      client: node.client,
      clock: node.clock,
      pod: () => this.#pod,
      status: () => this.#statusNow(),
      // A pod that has ended never runs again, and nothing more is known of it than what its status says.
      isOver: () => wasOver || this.#isGone || this.#isDisposed,
      over: this.#disposed.promise,
      onWritten: (status) => {
        this.#pod = { ...this.#pod, status };
      },
    });
    this.update(pod);
    this.done = this.#live(admission);
  }

  get uid(): string {
    return this.#pod.metadata.uid ?? "";
  }

  get nodeName(): string {
    return this.#pod.spec.nodeName ?? "";
  }

  /** The pod, as long as the node has it among those that it took. */
  get admitted(): Pod | undefined {
    return this.#isGone || this.#rejection !== undefined || hasPodEnded(this.#pod)
      ? undefined
      : this.#allocation.of(this.#pod);
  }

  get podDir(): string {
    return podDirectory(this.#node.dataDir, this.#pod);
  }

  /** The pod for those who talk to it, while its network stands. */
  get onNode(): PodOnNode | undefined {
    const sandbox = this.#sandbox;
    if (sandbox === undefined) return undefined;
    return {
      sandboxId: createHash("sha256").update(this.uid).digest("hex"),
      ended: this.#tornDown.promise,
      findContainer: (name) => this.running().find(({ container }) => container === name)?.running,
      dialLocalhost: (port, timeoutMs) => sandbox.dialLocalhost(port, timeoutMs),
    };
  }

  /** The containers that run now. */
  running(): { readonly pod: Pod; readonly container: string; readonly running: RunningOnNode }[] {
    return (this.#containers?.running() ?? []).map((each) => ({ pod: this.#pod, ...each }));
  }

  /** Takes a newer state of the pod. */
  update(pod: Pod): void {
    const { labels, annotations } = this.#pod.metadata;
    const isSame = deepEqual([labels, annotations], [pod.metadata.labels, pod.metadata.annotations]);
    this.#pod = { ...pod, apiVersion: "v1", kind: "Pod" };
    if (!isSame) {
      this.#metadataChanges.resolve();
      this.#metadataChanges = Promise.withResolvers<void>();
    }
    if (pod.metadata.deletionTimestamp !== undefined)
      this.#terminate((pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000);
    this.#containers?.runEphemeral(pod.spec.ephemeralContainers ?? []);
    this.#deadline?.set(pod.spec.activeDeadlineSeconds);
    this.#resize();
    this.#changed();
  }

  /** Tries a resize again that the node could not do, because there may be more to give by now. */
  resumeResize(): void {
    if (this.#allocation.pending !== undefined) this.#resize();
  }

  /** The pod object is gone (a forced deletion, or our own last one). */
  gone(): void {
    this.#isGone = true;
    this.#terminate(0);
  }

  /** Ends everything at once; nothing is written to the API any more. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    this.#disposed.resolve();
    this.#deleted.resolve();
    this.#containers?.killNow();
    await this.done.catch(() => {});
    // As with a machine that is switched off, what is in memory is lost.
    await removeMemoryFolders(this.podDir);
  }

  /** Ends it as when its machine loses power: whoever talks to it hears nothing more. */
  async lose(): Promise<void> {
    this.#isDisposed = true;
    const sandbox = this.#sandbox;
    if (sandbox !== undefined) {
      this.#node.network.detach(sandbox.ip);
      await sandbox.cutOff?.();
    }
    await this.dispose();
  }

  #resize(): void {
    const pod = this.#pod;
    if (this.#isEnding() || !this.#allocation.follow(pod, (wanted) => this.#node.lackOf(wanted))) return;
    const { pending } = this.#allocation;
    this.#event(...resizeEvent(pod, pending));
    if (pending === undefined) this.#containers?.resize(pod);
    this.#changed();
  }

  #terminate(graceMs: number): void {
    this.#deleted.resolve();
    if (this.#grace === undefined) this.#grace = createGracePeriod(this.#node.clock, graceMs);
    else if (graceMs < this.#grace.leftMs()) this.#grace.shorten(graceMs);
  }

  async #live(admission: Promise<Rejection | undefined>): Promise<void> {
    try {
      this.#rejection = await admission;
      this.#isJudged = true;
      this.#changed();
      if (this.#rejection !== undefined)
        this.#event("Warning", this.#rejection.reason, this.#rejection.message);
      else if (!hasPodEnded(this.#pod)) {
        const started = this.#start();
        await Promise.race([started, this.#deleted.promise, this.#ended.promise]);
        if (this.#grace !== undefined) await this.#stop();
        // A start that was cut short still has to come to its end before the sandbox goes.
        await started;
        await this.#stop();
      }
      await this.#tearDown();
      await this.#deleted.promise;
      await removePod({
        ...this.#node,
        pod: this.#pod,
        podDir: this.podDir,
        isGone: () => this.#isGone,
        isDisposed: () => this.#isDisposed,
        disposed: this.#disposed.promise,
      });
    } catch (error) {
      if (this.#isDisposed) return;
      this.#event(
        "Warning",
        "FailedCreatePodSandBox",
        `Failed to create pod sandbox: ${(error as Error).message}`,
      );
      await this.#tearDown();
    }
  }

  /** Volumes, network, then all containers, until they are over for good. */
  async #start(): Promise<void> {
    using deadline = watchActiveDeadline(this.#node.clusterClock, this.#startTimeMs, () =>
      this.#end(deadlineExceeded, "Normal", this.#terminationGraceMs()),
    );
    this.#deadline = deadline;
    deadline.set(this.#pod.spec.activeDeadlineSeconds);
    await mkdir(this.podDir, { recursive: true });
    const volumes = await this.#setUpVolumes();
    if (volumes === undefined) return;
    const sandbox = await this.#createSandbox();
    this.#containers = new PodContainers({
      pod: this.#pod,
      context: this.#containerContext(sandbox, volumes),
      found: this.#found,
      isEnding: () => this.#isEnding(),
      nextChange: () => this.#nextChange(),
    });
    this.#changed();
    this.#containers.runEphemeral(this.#pod.spec.ephemeralContainers ?? []);
    await this.#containers.run();
  }

  #setUpVolumes(): Promise<ReadonlyMap<string, VolumeAt> | undefined> {
    return runVolumes({
      ...this.#node,
      requestToken: rememberTokens(this.#node.requestToken, this.#node.clusterClock),
      folderOf: (handle) => volumeFolder(this.#node.dataDir, handle),
      pod: () => this.#pod,
      podDir: this.podDir,
      ended: this.#deleted.promise,
      hasEnded: () => this.#isEnding(),
      metadataChanged: () => this.#metadataChanges.promise,
      onFailure: ({ reason, message }) => {
        this.#event("Warning", reason, message);
        this.#changed();
      },
      onExceeded: (message) => this.#end(eviction(message), "Warning", evictionGraceMs),
    });
  }

  #end(ending: PodEnding, type: "Normal" | "Warning", graceMs: number): void {
    if (this.#isEnding()) return;
    this.#ending = ending;
    this.#event(type, ending.reason, ending.message);
    this.#grace = createGracePeriod(this.#node.clock, graceMs);
    this.#ended.resolve();
    this.#changed();
  }

  async #createSandbox(): Promise<PodSandbox> {
    const { clock, random, runtime, network, pace, reachable } = this.#node;
    const { name, namespace = "default" } = this.#pod.metadata;
    if (this.#pod.status?.containerStatuses?.some(({ containerID = "" }) => containerID !== "") === true)
      this.#event("Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
    const notBefore = wait(clock, between(pace().startMs, random), this.#deleted.promise);
    const place = takePlace(this.#pod, this.#node);
    this.#place = place;
    try {
      this.#sandbox = await runtime.createSandbox({ namespace, name, uid: this.uid, reachable, ...place });
    } catch (error) {
      place.release();
      throw error;
    }
    await notBefore;
    network.attach(this.#sandbox);
    await writePodFiles(this.podDir, this.#pod, place, runtime.network !== undefined);
    // References to the pod's address must resolve before the informer has seen the status with it.
    this.#pod = { ...this.#pod, status: { ...this.#pod.status, podIP: place.ip, hostIP: this.#node.hostIp } };
    return this.#sandbox;
  }

  /** Stops what runs, and waits until all of it is over. */
  async #stop(): Promise<void> {
    const { clock, random, pace } = this.#node;
    await wait(clock, between(pace().stopMs, random), this.#disposed.promise);
    const grace = this.#grace ?? createGracePeriod(clock, this.#terminationGraceMs());
    await this.#containers?.stop(grace, this.#grace !== undefined);
  }

  /** The network stays a little longer than the containers, so that connections are refused before they are lost. */
  async #tearDown(): Promise<void> {
    const sandbox = this.#sandbox;
    await this.#status.flush();
    this.#node.detach();
    if (sandbox === undefined) return;
    const { clock, random, network, pace } = this.#node;
    await wait(clock, between(pace().teardownMs, random), this.#disposed.promise);
    network.detach(sandbox.ip);
    this.#sandbox = undefined;
    this.#tornDown.resolve();
    await sandbox[Symbol.asyncDispose]();
    this.#place?.release();
  }

  #containerContext(sandbox: PodSandbox, volumes: ReadonlyMap<string, VolumeAt>): ContainerContext {
    const { name, namespace = "default" } = this.#pod.metadata;
    const sources = {
      ...this.#node,
      volumes,
      podFiles: podFiles(this.podDir, this.#node.runtime.network !== undefined),
    };
    return {
      clock: this.#node.clock,
      clusterClock: this.#node.clusterClock,
      uid: this.uid,
      logDir: logDirectory(this.#node.dataDir, this.#pod),
      terminationDir: join(this.podDir, "containers"),
      sandbox,
      limits: this.#node.limits,
      restart: (this.#pod.spec.restartPolicy ?? "Always") as ContainerContext["restart"],
      pace: this.#node.pace,
      execDelayMs: () => between(this.#node.pace().execMs, this.#node.random),
      podName: `${name}_${namespace}(${this.uid})`,
      terminationGraceMs: () => this.#terminationGraceMs(),
      prepare: (container: Container, files) => {
        const status = { ...this.#pod.status, hostIP: this.#node.hostIp, podIP: sandbox.ip };
        return prepareContainer({ ...this.#pod, status }, container, files, sources);
      },
      event: (type, reason, message, container) => this.#event(type, reason, message, container),
      journal: (start) => this.#node.journals.begin({ namespace, pod: name, podUid: this.uid, ...start }),
      changed: () => this.#changed(),
    };
  }

  #terminationGraceMs(): number {
    return (this.#pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
  }

  #isEnding(): boolean {
    return this.#isDisposed || this.#grace !== undefined;
  }

  #event(type: "Normal" | "Warning", reason: string, message: string, container?: string): void {
    if (this.#isDisposed) return;
    const fieldPath = container === undefined ? undefined : containerPath(this.#pod, container);
    this.#node.recorder.event(this.#pod, type, reason, message, fieldPath);
  }

  #changes = Promise.withResolvers<void>();

  #nextChange(): Promise<unknown> {
    return Promise.race([this.#changes.promise, this.#deleted.promise]);
  }

  #changed(): void {
    const changes = this.#changes;
    this.#changes = Promise.withResolvers<void>();
    changes.resolve();
    if (this.#isJudged) this.#status.changed();
  }

  #statusNow(): PodStatus {
    if (this.#rejection !== undefined) return rejectedStatus(this.#pod, this.#rejection, this.#startTimeMs);
    const { initContainers = [], containers } = this.#pod.spec;
    const records = (specs: readonly Container[]) =>
      specs.flatMap(({ name }) => this.#found.get(name)?.record ?? []);
    const conditions = this.#status.conditionsOf(this.#pod);
    return computePodStatus({
      pod: { ...this.#pod, status: { ...this.#pod.status, conditions } },
      init: records(initContainers),
      main: records(containers),
      ending: this.#ending,
      pendingResize: this.#allocation.pending,
      ephemeral: this.#containers?.ephemeralRecords ?? [],
      podIp: this.#sandbox?.ip ?? this.#pod.status?.podIP,
      hostIp: this.#node.hostIp,
      startTimeMs: this.#startTimeMs,
      nowMs: this.#node.clusterClock.now(),
    });
  }
}
