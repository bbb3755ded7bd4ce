import type { Container, LifecycleHandler } from "@seaworthy/kube";
import type { Clock } from "../clock.ts";
import type { PodSandbox } from "./pod-runtime.ts";
import { httpGet, type RunCommand } from "./run-probe.ts";
import { wait } from "../wait.ts";

/** Runs a life-cycle hook to its end. Rejects with the reason when it fails. pkg/kubelet/lifecycle/handlers.go */
export async function runHook(
  handler: LifecycleHandler,
  context: {
    readonly clock: Clock;
    readonly container: Container;
    readonly sandbox: PodSandbox;
    readonly exec: RunCommand;
    readonly timeoutMs: number;
  },
): Promise<void> {
  const { clock, container, sandbox, exec, timeoutMs } = context;
  if (handler.sleep !== undefined) {
    await wait(clock, handler.sleep.seconds * 1000);
  } else if (handler.exec !== undefined) {
    const command = handler.exec.command ?? [];
    const { exitCode, output, timedOut } = await exec(command, timeoutMs);
    if (timedOut) throw new Error(`command '${command.join(" ")}' timed out`);
    if (exitCode !== 0)
      throw new Error(`command '${command.join(" ")}' exited with ${exitCode}: ${output.trim()}`);
  } else if (handler.httpGet !== undefined) {
    // Any answer will do: the kubelet does not look at the status.
    await httpGet(handler.httpGet, container, sandbox, timeoutMs, "kube-lifecycle/1.36");
  }
}
