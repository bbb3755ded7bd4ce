import type { Container, LifecycleHandler } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import type { PodSandbox } from "../runtime/pod-runtime.ts";
import { httpGet, type RunCommand } from "../probes/run-probe.ts";
import { wait } from "../../wait.ts";

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
    const said = `command '${command.join(" ")}'`;
    if (timedOut) throw new HookError(`${said} timed out`, exitCode, true);
    if (exitCode !== 0)
      throw new HookError(`${said} exited with ${exitCode}: ${output.trim()}`, exitCode, false);
  } else if (handler.httpGet !== undefined) {
    // Any answer will do: the kubelet does not look at the status.
    await httpGet(handler.httpGet, container, sandbox, timeoutMs, "kube-lifecycle/1.36");
  }
}

/** The command of a hook did not end well. */
export class HookError extends Error {
  override readonly name = "HookError";
  readonly exitCode: number;
  readonly timedOut: boolean;
  constructor(message: string, exitCode: number, timedOut: boolean) {
    super(message);
    this.exitCode = exitCode;
    this.timedOut = timedOut;
  }
}
