import { deepEqual, type Container } from "@seaworthy/kube";
import type { ContainerContext } from "../container/container-context.ts";
import type { ContainerRecord } from "../container/container-record.ts";
import type { ContainerProcess, ControlGroupView } from "../runtime/pod-runtime.ts";
import { descendants } from "../runtime/process-tree.ts";
import { containerLimits } from "./container-limits.ts";
import { MemoryInUseError, type ConfinedRun } from "./create-limits.ts";
import { yieldProcessor } from "./yield-processor.ts";

const retryMs = 1000;

/** One run of a container, as it is held to its limits, which may change while it runs. */
export interface HeldContainer {
  /** What it sees of its control groups; undefined where it has none. */
  readonly view: ControlGroupView | undefined;
  /** Takes the first process in, before it starts others. */
  enter(pid: number): void;
  /** Begins to look at what the kernel leaves to be looked at. */
  watch(process: ContainerProcess): void;
  /** Holds it to other limits; as long as it uses more memory than that, again and again. */
  resize(container: Container): void;
  throttledNanoseconds(): number | undefined;
  /** Gives up what is held, and tells whether it was killed because it had used up its memory. */
  end(): boolean;
}

/**
 * Holds a container to its limits. A stand-in is not held to those of the app that it stands in for: it is larger than many an app.
 */
export function holdContainer(
  { limits, sandbox, clock, changed }: Pick<ContainerContext, "limits" | "sandbox" | "clock" | "changed">,
  record: ContainerRecord,
  first: Container,
  standIn: boolean,
): HeldContainer {
  const confine = (container: Container) =>
    standIn ? undefined : limits.confine(containerLimits(container));
  let confinement = confine(first);
  let confined: ConfinedRun | undefined;
  let pid: number | undefined;
  let wanted = first;
  let stopYielding = () => {};

  function hold(): void {
    if (pid === undefined || deepEqual(record.resources, record.allocated)) return;
    try {
      if (confinement === undefined) {
        confinement = confine(wanted);
        confinement?.watch(confined!);
      }
      confinement?.resize(containerLimits(wanted), [...descendants(pid).keys()]);
      record.resources = record.allocated;
      record.resizeError = undefined;
    } catch (error) {
      record.resizeError = messageOf(error as Error, wanted.name);
      clock.after(retryMs, hold);
    }
    changed();
  }

  return {
    view: confinement?.view,
    enter(first) {
      stopYielding = yieldProcessor(first, clock);
      limits.place(first);
      confinement?.enter(first);
    },
    watch(process) {
      ({ pid } = process);
      confined = {
        usedBytes: () => sandbox.readUsage?.(process)?.memoryBytes,
        kill: () => process.signal("SIGKILL"),
      };
      confinement?.watch(confined);
    },
    resize(container) {
      wanted = container;
      hold();
    },
    throttledNanoseconds: () => confinement?.throttledNanoseconds(),
    end() {
      pid = undefined;
      stopYielding();
      return confinement?.end() ?? false;
    },
  };
}

/** pkg/kubelet/kuberuntime/kuberuntime_manager.go (validateMemoryResizeAction) */
function messageOf(error: Error, name: string): string {
  // The kernel may refuse as well, as version 1 does where it cannot take so much memory back.
  if (!(error instanceof MemoryInUseError)) return error.message;
  const { wantedBytes, usedBytes } = error;
  return `cannot decrease memory limits: attempting to set container "${name}" memory limit (${wantedBytes}) below current usage (${usedBytes})`;
}
