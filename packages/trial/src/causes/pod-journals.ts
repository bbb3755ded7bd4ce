import type { ContainerJournal } from "@seaworthy/cluster";
import type { PodLife } from "../timeline/timeline.ts";

/** A launcher that is made to pass signals on. */
const inits = new Set(["tini", "dumb-init", "docker-init", "catatonit", "s6-svscan", "pause"]);

/** The journals of a pod's containers, the latest run of each. */
export function journalsOf(
  pod: Pick<PodLife, "uid">,
  journals: readonly ContainerJournal[],
): ContainerJournal[] {
  const own = journals.filter((journal) => journal.podUid === pod.uid);
  return [...new Map(own.map((journal) => [journal.container, journal])).values()];
}

/** The journal of the container that serves: the one that the manifest gives a port, else one that listens. */
export function servingJournal(
  own: readonly ContainerJournal[],
  containerName: string | undefined,
): ContainerJournal | undefined {
  return (
    own.find(({ container }) => container === containerName) ??
    own.find(({ listeners }) => listeners.length > 0) ??
    own[0]
  );
}

/**
 * Whether the stop signal reached the process that listens; undefined where it cannot be said. PID 1 gets no signal that
 * it has no handler for (pid_namespaces(7)), and a listener that heard closes its port, or ends before its launcher.
 */
export function heardSignal(journal: ContainerJournal): boolean | undefined {
  const { listeners, signal, closedAt, cutOff, end, kill } = journal;
  const receiver = signal?.receiver;
  if (receiver === undefined || listeners.length === 0) return undefined;
  if (listeners.some(({ pid }) => pid === receiver.pid)) return receiver.handlesSignal;
  if (!receiver.handlesSignal || cutOff === true) return false;
  if (closedAt !== undefined) return true;
  if (end === undefined && kill === undefined) return undefined;
  return isInit(receiver.command) && kill === undefined;
}

/** Whether a process stands between the signal and the one that listens. */
export function hasLauncher({ listeners, signal }: ContainerJournal): boolean {
  const receiver = signal?.receiver;
  return receiver !== undefined && listeners.length > 0 && listeners.every(({ pid }) => pid !== receiver.pid);
}

function isInit(command: string): boolean {
  const [program = ""] = command.split(" ");
  return inits.has(program.slice(program.lastIndexOf("/") + 1));
}

/** From when on a pod may refuse or cut connections: the signal, the end, or a hook that may end the app itself. */
export function closingFrom(journal: ContainerJournal): number | undefined {
  const { preStop, signal, end } = journal;
  const times = [
    preStop === undefined || preStop.kind === "sleep" ? undefined : preStop.startedAt,
    signal?.at,
    end?.at,
  ].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}
