import type { Container } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import type { ContainerEndRun, HookRun, OpenJournal } from "./container-journal.ts";
import type { GracePeriod } from "./grace-period.ts";
import { HookError, runHook } from "./hooks.ts";
import type { ContainerLook } from "../runtime/look-at-container.ts";
import type { ContainerProcess, ExitStatus, PodSandbox } from "../runtime/pod-runtime.ts";
import type { RunCommand } from "../probes/run-probe.ts";
import { stopSignalName } from "./stop-signal.ts";

/** A container that runs, and what is noted of it. */
export interface RunningContainer {
  readonly process: ContainerProcess;
  readonly stopSignal: NodeJS.Signals | number;
  readonly journal: OpenJournal;
  /** The latest look at it. */
  look: ContainerLook | undefined;
  /** Set once its end was begun: the hook runs once, also when a liveness kill is under way as the pod is deleted. */
  killing: boolean;
}

/** What the end of a container needs of its pod. */
export interface EndContext {
  readonly clock: Clock;
  readonly container: Container;
  readonly sandbox: PodSandbox;
  readonly exec: RunCommand;
  readonly onHookFailure: (message: string) => void;
}

/** pkg/kubelet/kuberuntime: a container always gets this long after SIGTERM. */
const minimumGraceMs = 2000;
/** How often a container is looked at after its signal: what decides comes soon or takes seconds. */
const firstLooksMs = 20;
const firstLooks = 50;
const laterLooksMs = 100;

/**
 * Ends a container: preStop, the stop signal, and SIGKILL when the grace has passed. `turn` is awaited before the signal.
 * pkg/kubelet/kuberuntime/kuberuntime_container.go killContainer. What happens is written into its journal.
 */
export async function endContainer(
  running: RunningContainer,
  grace: GracePeriod,
  turn: Promise<unknown>,
  context: EndContext,
): Promise<void> {
  const { clock, container, sandbox } = context;
  const { process, stopSignal, journal } = running;
  journal.endingAt ??= clock.now();
  const preStop = container.lifecycle?.preStop;
  // The signal does not wait for a look: an edge that is quick would have forgotten the pod by then.
  if (preStop !== undefined || running.look === undefined) void lookAt(running, sandbox);
  if (preStop !== undefined && !grace.isZero && !running.killing) {
    running.killing = true;
    await grace.outlast(runPreStop(journal, grace, context));
    if (journal.preStop?.result === undefined)
      journal.preStop = { ...journal.preStop!, endedAt: clock.now(), result: "cut" };
  }
  running.killing = true;
  if (grace.leftMs() > 0) await grace.outlast(turn);
  const { look } = running;
  const receiver = look?.first();
  journal.signal ??= {
    at: clock.now(),
    name: stopSignalName(stopSignal),
    ...(receiver === undefined ? {} : { receiver }),
  };
  process.signal(stopSignal);
  const stopLooking = look === undefined ? () => {} : watchEnd(look, journal, clock);
  const ranOut = await grace.outlast(process.exited, minimumGraceMs);
  stopLooking();
  if (ranOut) {
    const open = await look?.countOpen();
    journal.kill ??= { at: clock.now(), ...(open === undefined ? {} : { open }) };
    process.signal("SIGKILL");
  }
  await process.exited;
}

/** Looks at a container, and keeps what was seen for its end. */
export async function lookAt(running: RunningContainer, sandbox: PodSandbox): Promise<void> {
  const look = await sandbox.look?.(running.process, running.stopSignal);
  if (look === undefined || look.listeners.length === 0 || running.journal.signal !== undefined) return;
  running.look = look;
  running.journal.listeners = look.listeners;
}

/** How a process came to its end, for its journal. */
export function endOf(exit: ExitStatus, journal: OpenJournal, at: number): ContainerEndRun {
  const by = journal.kill !== undefined ? "kill" : exit.signal === undefined ? "itself" : "signal";
  return { at, exitCode: exit.exitCode, by, ...(exit.signal === undefined ? {} : { signal: exit.signal }) };
}

async function runPreStop(journal: OpenJournal, grace: GracePeriod, context: EndContext): Promise<void> {
  const { clock, container, sandbox, exec } = context;
  const handler = container.lifecycle!.preStop!;
  const kind = handler.sleep !== undefined ? "sleep" : handler.exec !== undefined ? "exec" : "httpGet";
  const run: HookRun = { kind, startedAt: clock.now() };
  journal.preStop = run;
  // A hook that ends after its time was cut; the journal says so already.
  const note = (more: Partial<HookRun>) => {
    if (journal.preStop === run) journal.preStop = { ...run, endedAt: clock.now(), ...more };
  };
  try {
    await runHook(handler, { clock, container, sandbox, exec, timeoutMs: grace.leftMs() });
    note({ result: "done" });
  } catch (error) {
    const { message } = error as Error;
    const failure = error instanceof HookError ? error : undefined;
    note({
      result: failure?.timedOut === true ? "cut" : "failed",
      message,
      ...(failure?.exitCode === undefined ? {} : { exitCode: failure.exitCode }),
    });
    context.onHookFailure(message);
  }
}

/** Looks again and again until the container is over, and notes what changes. Returns a function that stops it. */
function watchEnd(look: ContainerLook, journal: OpenJournal, clock: Clock): () => void {
  let looks = 0;
  let cancel = () => {};
  const next = () => {
    looks += 1;
    cancel = clock.after(looks <= firstLooks ? firstLooksMs : laterLooksMs, () => {
      const now = look.again();
      if (now.closed) journal.closedAt ??= clock.now();
      if (now.cutOff) journal.cutOff = true;
      // Nothing more can be learned once it listens no more.
      if (!now.closed) next();
    });
  };
  next();
  return () => cancel();
}
