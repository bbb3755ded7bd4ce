import type { ContainerStatus, CoreEvent, Pod } from "@seaworthy/kube";
import { eventsOf } from "./diagnosis.ts";

const mostEvents = 6;
const longestLine = 240;

/**
 * What `kubectl describe pod` would show of a pod in trouble, in a few lines: the cluster may be gone when somebody asks.
 * Containers that are well are left out, and so is a line that was said before in the same words.
 */
export function describePod(pod: Pod, events: readonly CoreEvent[]): string[] {
  const { status = {}, spec } = pod;
  const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const said = new Set<string>();
  const isNew = ({ message = "" }: { readonly message?: string }) =>
    message === "" || (!said.has(message) && said.add(message) === said);
  const conditions = (status.conditions ?? []).filter((each) => each.status !== "True" && isNew(each));
  const warnings = eventsOf(pod, events).filter((each) => each.type === "Warning" && isNew(each));
  return [
    `pod ${pod.metadata.name}: ${status.phase ?? "Pending"} ${spec.nodeName === undefined ? "on no node" : `on ${spec.nodeName}`}`,
    ...conditions.map(({ type, reason, message }) => `  ${type} is False${told(reason, message)}`),
    ...containers.map((container) => `  container ${container.name}: ${describeContainer(container)}`),
    ...warnings
      .slice(-mostEvents)
      .map((event) => `  event${told(event.reason, event.message)}${timesOf(event)}`),
  ].map((line) => line.split("\n")[0]!.slice(0, longestLine));
}

function describeContainer({ state, lastState, restartCount = 0 }: ContainerStatus): string {
  const { waiting, running, terminated } = state ?? {};
  const last = lastState?.terminated;
  const now =
    waiting !== undefined
      ? `waiting${told(waiting.reason, waiting.message)}`
      : terminated !== undefined
        ? `ended with exit code ${terminated.exitCode}${told(terminated.reason, terminated.message)}`
        : running === undefined
          ? "not started"
          : "running";
  const before =
    last === undefined ? "" : `, before with exit code ${last.exitCode}${told(last.reason, last.message)}`;
  return `${now}${before}${restartCount === 0 ? "" : `, ${restartCount} restart${restartCount === 1 ? "" : "s"}`}`;
}

function told(...parts: readonly (string | undefined)[]): string {
  const given = parts.filter((part) => part !== undefined && part !== "");
  return given.length === 0 ? "" : `: ${given.join(": ")}`;
}

function timesOf({ count = 1 }: CoreEvent): string {
  return count > 1 ? ` (${count} times)` : "";
}
