import { deepEqual, isSidecar, type Container, type Pod } from "@seaworthy/kube";
import type { ContainerContext } from "../container/container-context.ts";
import { ContainerLifecycle } from "../container/container-lifecycle.ts";
import { ContainerConfigError } from "../container/environment.ts";
import { waitingFor, type ContainerRecord } from "../container/container-record.ts";
import type { FoundContainer } from "../container/found-container.ts";
import type { GracePeriod } from "../container/grace-period.ts";
import type { RunningOnNode } from "../container/running-on-node.ts";
import { stopContainers } from "../container/stop-containers.ts";

/** What the containers of a pod are run with. */
export interface PodContainersOptions {
  readonly pod: Pod;
  readonly context: ContainerContext;
  /** By container name; not empty of news when the node was started anew under a pod that ran. */
  readonly found: ReadonlyMap<string, FoundContainer>;
  /** Whether nothing more is to be started. */
  readonly isEnding: () => boolean;
  /** Resolves when something has changed. */
  readonly nextChange: () => Promise<unknown>;
}

type EphemeralContainer = NonNullable<Pod["spec"]["ephemeralContainers"]>[number];

/** The containers of one pod, in the order in which they start and stop. */
export class PodContainers {
  readonly #options: PodContainersOptions;
  readonly #init: readonly ContainerLifecycle[];
  readonly #main: readonly ContainerLifecycle[];
  readonly #ephemeral: ContainerLifecycle[] = [];
  readonly #runs = new Map<ContainerLifecycle, Promise<void>>();

  constructor(options: PodContainersOptions) {
    this.#options = options;
    const { restart } = options.context;
    const { initContainers = [], containers } = options.pod.spec;
    this.#init = initContainers.map((container) =>
      this.#lifecycle(
        container,
        isSidecar(container) ? "Always" : restart === "Never" ? "Never" : "OnFailure",
      ),
    );
    this.#main = containers.map((container) => this.#lifecycle(container, restart));
  }

  /** Runs init containers in order, then all others together, until these are over for good. */
  async run(): Promise<void> {
    // All of them ran before, and none is to run again.
    if (this.#main.every(({ container }) => this.#isOver(container))) return;
    for (const container of this.#init) if (!(await this.#runInit(container))) return;
    if (this.#options.isEnding()) return;
    for (const container of this.#main) this.#run(container);
    await Promise.all(this.#main.flatMap((container) => this.#runs.get(container) ?? []));
  }

  /** Runs those containers that were added to the pod, once each, and whatever the others do. */
  runEphemeral(containers: readonly EphemeralContainer[]): void {
    for (const container of containers) {
      if (this.#options.isEnding() || this.#ephemeral.some((each) => each.container.name === container.name))
        continue;
      const lifecycle = this.#lifecycle(container, "Never", container.targetContainerName);
      this.#ephemeral.push(lifecycle);
      this.#run(lifecycle);
    }
  }

  /** Gives its containers the resources that the pod has now. */
  resize({ spec: { initContainers = [], containers } }: Pod): void {
    for (const container of [...initContainers, ...containers]) {
      const lifecycle = this.#all.find(({ container: { name } }) => name === container.name);
      if (lifecycle !== undefined && !deepEqual(lifecycle.container.resources, container.resources))
        lifecycle.resize({ ...lifecycle.container, ...withResources(container) });
    }
  }

  /** The records of containers that were added to the pod. */
  get ephemeralRecords(): readonly ContainerRecord[] {
    return this.#ephemeral.map(({ record }) => record);
  }

  /** The containers that run now. */
  running(): { readonly container: string; readonly running: RunningOnNode }[] {
    return this.#all.flatMap(({ container: { name }, onNode }) =>
      onNode === undefined ? [] : [{ container: name, running: onNode }],
    );
  }

  /** Stops what runs, and waits until all of it is over. `isDeleted`: whether only readiness is probed meanwhile. */
  async stop(grace: GracePeriod, isDeleted: boolean): Promise<void> {
    if (isDeleted) for (const container of this.#all) container.terminating();
    await stopContainers(this.#init, [...this.#main, ...this.#ephemeral], grace);
    await Promise.all(this.#runs.values());
    for (const container of this.#all) container.stopProbes();
  }

  /** Kills all of them at once, without hooks. */
  killNow(): void {
    for (const container of this.#all) container.killNow();
  }

  get #all(): readonly ContainerLifecycle[] {
    return [...this.#init, ...this.#main, ...this.#ephemeral];
  }

  #lifecycle(container: Container, restart: ContainerContext["restart"], target = ""): ContainerLifecycle {
    const { context, found } = this.#options;
    const prepare: ContainerContext["prepare"] = async (each, files) => {
      const prepared = await context.prepare(each, files);
      return { ...prepared, spec: { ...prepared.spec, besidePid: this.#pidOf(target) } };
    };
    return new ContainerLifecycle(
      container,
      { ...context, restart, ...(target === "" ? {} : { prepare }) },
      found.get(container.name),
    );
  }

  /** The first process of a container whose processes another one is to see. */
  #pidOf(target: string): number {
    const pid = this.#all.find(({ container: { name } }) => name === target)?.onNode?.pid;
    if (pid === undefined) throw new ContainerConfigError(`unable to find target container ${target}`);
    return pid;
  }

  #isOver({ name }: Container): boolean {
    return this.#options.found.get(name)?.isOver === true;
  }

  #run(container: ContainerLifecycle): void {
    if (!this.#isOver(container.container)) container.record.state = waitingFor(this.#init.length > 0);
    this.#runs.set(container, container.run());
  }

  /** Runs an init container to its end, or a sidecar until it has started. False when the pod goes no further. */
  async #runInit(container: ContainerLifecycle): Promise<boolean> {
    const { isEnding, nextChange } = this.#options;
    if (isEnding()) return false;
    this.#run(container);
    if (isSidecar(container.container)) {
      while (!container.record.started && !isEnding()) await nextChange();
      return !isEnding();
    }
    await this.#runs.get(container);
    return container.record.state.terminated?.exitCode === 0;
  }
}

function withResources({ resources = {}, resizePolicy }: Container): Partial<Container> {
  return { resources, ...(resizePolicy === undefined ? {} : { resizePolicy }) };
}
