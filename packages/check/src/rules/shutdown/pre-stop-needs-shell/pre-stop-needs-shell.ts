import { preStopOf } from "@seaworthy/kube";
import { containerRule } from "../../../make-rule.ts";
import { isWithoutShell } from "../../../objects/containers/image-shell.ts";
import { sleepCommandSeconds } from "../../../objects/containers/sleep-command.ts";

/** A preStop hook that runs a command which the image does not have. */
export const preStopNeedsShell = containerRule(
  {
    id: "pre-stop-needs-shell",
    severity: "error",
    title: "a preStop hook runs a command that the image does not have",
    why: `Images such as distroless have no shell and no \`sleep\`. The hook fails at once, which only an event tells of, and
the container gets SIGTERM without having waited.`,
    mend: `Use \`preStop: {sleep: {seconds: 5}}\`, which Kubernetes does by itself since 1.30.`,
    sources: [
      "https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/3960-pod-lifecycle-sleep-action",
      "https://github.com/GoogleContainerTools/distroless",
    ],
    profile: "default",
  },
  function* look({ container, path }, { manifest }) {
    const { image = "" } = container;
    const command = container.lifecycle?.preStop?.exec?.command ?? [];
    const [program = ""] = command;
    if (!/^(\/(usr\/)?bin\/)?(sh|bash|ash|sleep)$/.test(program) || !isWithoutShell(image)) return;
    const seconds = preStopOf(container)?.seconds ?? 5;
    const onlyWaits = sleepCommandSeconds(command) === seconds;
    const hook = [...path, "lifecycle", "preStop"];
    yield {
      path: ["lifecycle", "preStop", "exec", "command", 0],
      message: `the preStop hook of container ${container.name} runs ${program}, which image ${image} does not have`,
      label: "is not in the image",
      next: [`lifecycle.preStop.sleep.seconds: ${seconds}, in place of exec`],
      ...(onlyWaits && {
        fix: { isSafe: true, edits: [{ manifest, path: hook, op: "set", value: { sleep: { seconds } } }] },
      }),
    };
  },
);
