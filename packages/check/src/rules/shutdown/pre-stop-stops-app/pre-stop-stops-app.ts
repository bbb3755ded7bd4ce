import { preStopOf, propagationSeconds } from "@seaworthy/kube";
import { containerRule } from "../../../make-rule.ts";
import { hookPath } from "../../../objects/containers/hook-path.ts";
import { servingContainers } from "../../../objects/containers/serving.ts";

/** A preStop hook that ends the app at once. */
export const preStopStopsApp = containerRule(
  {
    id: "pre-stop-stops-app",
    severity: "warning",
    title: "a preStop hook ends the app while requests still come",
    why: `The hook runs before anybody has heard that the pod ends. A hook that ends the app by itself does what SIGTERM would
do anyway, and does it too early: requests are still sent, and the port is closed.`,
    mend: `Let the hook only wait (\`preStop: {sleep: {seconds: 5}}\`): the container gets its signal after it. Where the app
needs a command to end well, wait first: \`sleep 5 && nginx -s quit\`.`,
    sources: [
      "https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/",
      "https://github.com/kubernetes/kubernetes/issues/43576",
    ],
    profile: "default",
    losesRequests: true,
  },
  function* look({ container, path }, pod, set) {
    const hook = preStopOf(container);
    if (hook?.stopsAppAfter === undefined || hook.stopsAppAfter >= propagationSeconds) return;
    if (!servingContainers(pod, set).some((each) => each.path === path)) return;
    const when = hook.stopsAppAfter === 0 ? "at once" : `after ${hook.stopsAppAfter} s`;
    yield {
      path: hookPath(hook),
      message: `the preStop hook of container ${container.name} ends the app ${when}, while requests are still sent to it`,
      label: `ends the app ${when}`,
      next: [
        `lifecycle.preStop.sleep.seconds: ${propagationSeconds}, in place of the command`,
        `or wait first: sleep ${propagationSeconds} && …`,
      ],
    };
  },
);
