import { containerRule } from "../../../make-rule.ts";
import { readLauncher, type LauncherScript } from "./read-launcher.ts";

/** A container whose first process does not pass SIGTERM on to the app. */
export const signalNotPassedOn = containerRule(
  {
    id: "signal-not-passed-on",
    severity: "warning",
    title: "SIGTERM goes to a launcher that does not pass it on",
    why: `Kubernetes sends SIGTERM to the first process of a container. A shell that has started a program, and npm, which
does so, neither end nor tell the program: nothing happens until the grace period is over, and then SIGKILL cuts every
request. Some shells replace themselves by their last command; the \`sh\` of Debian and Ubuntu does not.`,
    mend: `Start the program itself (\`command: [node, dist/server.js]\`), or write \`exec\` before it in the script.`,
    sources: [
      "https://github.com/paketo-buildpacks/nodejs/issues/37",
      "https://github.com/TryGhost/docker-library-ghost/issues/37",
      "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination",
    ],
    profile: "default",
    losesRequests: true,
  },
  function* look({ container, path, role }, { manifest, spec }) {
    if (role === "init" || (spec.restartPolicy ?? "Always") !== "Always") return;
    const launcher = readLauncher(container);
    if (launcher === undefined) return;
    const { name, field, script } = launcher;
    yield {
      path: field,
      message: `container ${container.name} is started by ${name}, which does not pass SIGTERM on`,
      label: `SIGTERM goes to ${name}`,
      next: [adviceOn(script)],
      ...(script?.replaced !== undefined && {
        fix: {
          isSafe: true,
          edits: [{ manifest, path: [...path, ...field], op: "set", value: script.replaced }],
        },
      }),
    };
  },
);

function adviceOn(script: LauncherScript | undefined): string {
  if (script === undefined) return "command: the program that the script starts, as [node, dist/server.js]";
  return script.isPlain
    ? `write exec before the program in the script: exec ${script.program}`
    : "start the program by itself: no shell replaces itself where it has a pipe, a loop or a job in the background";
}
