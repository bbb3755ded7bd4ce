import type { Container } from "@seaworthy/kube";
import { wait } from "../../wait.ts";
import { joinInside } from "../volumes/join-inside.ts";
import type { ContainerContext, Preparation } from "./container-context.ts";
import type { ContainerRecord } from "./container-record.ts";
import { preparationFailure } from "./preparation-failure.ts";

const configRetryMs = 1000;

/** For whom a start is prepared. */
export interface StartPreparation {
  readonly context: ContainerContext;
  /** The container as it is now. */
  readonly container: () => Container;
  /** How often it was started before. */
  readonly starts: number;
  /** Resolves when it is not to be started any more. */
  readonly stopped: Promise<void>;
  readonly isStopping: () => boolean;
  readonly onWaiting: (state: ContainerRecord["state"]) => void;
}

/** Prepares a start, again and again until the container can be made; undefined when it is not to be started any more. */
export async function prepareStart(start: StartPreparation): Promise<Preparation | undefined> {
  const { context, stopped, isStopping, onWaiting } = start;
  let reported = "";
  for (let pulls = 0; !isStopping(); pulls += 1) {
    const container = start.container();
    try {
      const prepared = await context.prepare(container, filesOf(start));
      const pulled = `Container image "${container.image ?? ""}" already present on machine`;
      context.event("Normal", "Pulled", pulled, container.name);
      if (prepared.notice !== undefined)
        context.event("Normal", "NotAsInCluster", prepared.notice, container.name);
      return isStopping() ? undefined : prepared;
    } catch (error) {
      const { isPull, reason, message, text } = preparationFailure(error, pulls);
      if (reported !== reason + message) {
        reported = reason + message;
        context.event("Warning", "Failed", text, container.name);
        onWaiting({ waiting: { reason, message } });
      }
      // The kubelet pulls again with the same back-off as it restarts.
      const retryMs = isPull ? Math.min(10_000 * 2 ** pulls, 300_000) : configRetryMs;
      await wait(context.clock, pulls === 0 && isPull ? configRetryMs : retryMs, stopped);
    }
  }
  return undefined;
}

function filesOf({ context: { logDir, terminationDir }, container, starts }: StartPreparation) {
  const { name } = container();
  return {
    logFile: joinInside(logDir, name, `${starts}.log`),
    terminationLog: joinInside(terminationDir, name, `${starts}`),
  };
}
