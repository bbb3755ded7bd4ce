import { containerRule } from "../../../make-rule.ts";
import { probeNames, probeTiming } from "../../../objects/containers/probe-timing.ts";

/** A probe that starts a program in the container every few seconds. */
export const execProbeCost = containerRule(
  {
    id: "exec-probe-cost",
    severity: "advice",
    title: "a probe starts a program every few seconds",
    why: `Each time the container runtime joins the container and starts the program, which costs far more than a connection,
counts against the container's own CPU limit, and fails when that is used up: just when there is load.`,
    mend: `Ask by \`httpGet\`, \`tcpSocket\` or \`grpc\`; or every 10 s.`,
    sources: ["https://kubernetes.io/docs/concepts/workloads/pods/probes/"],
    profile: "strict",
  },
  function* look({ container }) {
    for (const probe of probeNames) {
      const { exec } = container[probe] ?? {};
      const { periodSeconds } = probeTiming(container[probe] ?? {});
      // A startup probe asks often for a short while only.
      const isHeavy = /\b(?:curl|wget|node|python3?|java|npm|kubectl)\b/.test(
        (exec?.command ?? []).join(" "),
      );
      if (!exec || probe === "startupProbe" || periodSeconds >= (isHeavy ? 10 : 5)) continue;
      const program = exec.command?.[0] ?? "a program";
      yield {
        path: [probe, "exec", "command"],
        message: `${probe} of container ${container.name} starts ${program} every ${periodSeconds} s`,
        label: `every ${periodSeconds} s`,
        next: ["httpGet, tcpSocket or grpc in place of exec", "or periodSeconds: 10"],
      };
    }
  },
);
