import { containerRule } from "../../../make-rule.ts";
import { isWithoutShell } from "../../../objects/containers/image-shell.ts";
import { sleepCommandSeconds } from "../../../objects/containers/sleep-command.ts";

/** A preStop hook that runs a command only to wait. */
export const preStopExecSleep = containerRule(
  {
    id: "pre-stop-exec-sleep",
    severity: "advice",
    title: "a preStop hook runs sleep as a command",
    why: `A command in the container can fail: the image may lose its \`sleep\` with the next base image, and nothing but an
event would tell. Since 1.30 Kubernetes waits by itself, and it has been stable since 1.34.`,
    mend: `Write \`preStop: {sleep: {seconds: 10}}\` in place of \`exec\`.`,
    sources: [
      "https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/3960-pod-lifecycle-sleep-action",
    ],
    profile: "strict",
  },
  function* look({ container, path }, { manifest }) {
    const command = container.lifecycle?.preStop?.exec?.command ?? [];
    const seconds = sleepCommandSeconds(command);
    // Where the command is not there at all, pre-stop-needs-shell says so.
    if (seconds === undefined || isWithoutShell(container.image ?? "")) return;
    const value = { sleep: { seconds } };
    const hook = [...path, "lifecycle", "preStop"];
    yield {
      path: ["lifecycle", "preStop", "exec", "command"],
      message: `the preStop hook of container ${container.name} runs a command to wait ${seconds} s`,
      label: "Kubernetes waits by itself",
      next: [`lifecycle.preStop.sleep.seconds: ${seconds}, in place of exec`],
      fix: { isSafe: true, edits: [{ manifest, path: hook, op: "set", value }] },
    };
  },
);
