import { formatObjectName, type Container, type FieldPath } from "@seaworthy/kube";
import { containerRule } from "../../../make-rule.ts";
import { edgesOf } from "../../../objects/network/edges-of.ts";
import { servingContainers } from "../../../objects/containers/serving.ts";

/** An app that is told to close idle connections sooner than the proxy in front of it does. */
export const keepAliveOrder = containerRule(
  {
    id: "keep-alive-order",
    severity: "warning",
    title: "the app closes idle connections before its proxy does",
    why: `A proxy keeps connections to the app and uses them again. When the app closes one in the moment in which the proxy
sends a request on it, that request fails, without any rollout: about one in 100,000, at all times. The side that sends
must be the one that closes.`,
    mend: `Let the app keep idle connections longer than the proxy: ingress-nginx and AWS' load balancers keep them for 60 s,
so 65 s in the app. In Node.js \`headersTimeout\` must be longer still.`,
    sources: [
      "https://shuheikagawa.com/blog/2019/04/25/keep-alive-timeout/",
      "https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#upstream-keepalive-timeout",
    ],
    profile: "default",
  },
  function* look({ container, path }, pod, set) {
    const found = readKeepAlive(container);
    if (found === undefined || found.seconds > edgeSeconds) return;
    const [edge] = edgesOf(pod, set);
    if (edge === undefined || !servingContainers(pod, set).some((each) => each.path === path)) return;
    yield {
      path: found.field,
      message: `container ${container.name} closes idle connections after ${found.seconds} s, on which ${formatObjectName(edge)} may just send a request`,
      label: `${found.seconds} s; proxies keep them ${edgeSeconds} s`,
      next: [`keep them longer than the proxy does: ${edgeSeconds + 5} s`],
    };
  },
);

const edgeSeconds = 60;

interface KeepAlive {
  readonly seconds: number;
  readonly field: FieldPath;
}

/** What a container is told of idle connections: by environment, or by the flags of gunicorn, hypercorn and uvicorn. */
function readKeepAlive({ env = [], command = [], args = [] }: Container): KeepAlive | undefined {
  const fromEnv = env.flatMap(({ name, value = "" }, index): KeepAlive[] => {
    const unit = /(?:^|_)KEEP_?ALIVE(?:_TIMEOUT)?(?:_(MS|SECONDS|SECS?|S))?$/.exec(name);
    const seconds = unit === null ? undefined : readSeconds(value, unit[1]);
    return seconds === undefined ? [] : [{ seconds, field: ["env", index, "value"] }];
  });
  const fromFlags = [...inWords("command", command), ...inWords("args", args)];
  return [...fromEnv, ...fromFlags][0];
}

function inWords(field: "command" | "args", words: readonly string[]): KeepAlive[] {
  return words.flatMap((word, index) => {
    const written = /(?:^|\s)--(?:timeout-)?keep-alive(?:[= ](\d+))?(?:\s|$)/.exec(word);
    if (written === null) return [];
    const [at, value] = written[1] === undefined ? [index + 1, words[index + 1]] : [index, written[1]];
    const seconds = readSeconds(value ?? "", "S");
    return seconds === undefined ? [] : [{ seconds, field: [field, at] }];
  });
}

/** 0 and words are no time: they switch it off, or on. */
function readSeconds(value: string, unit: string | undefined): number | undefined {
  const [, digits, suffix] = /^(\d+)\s?(ms|s)?$/.exec(value.trim()) ?? [];
  const amount = Number(digits ?? 0);
  if (amount === 0 || (amount === 1 && unit === undefined && suffix === undefined)) return undefined;
  const isMs =
    suffix === "ms" || (suffix === undefined && (unit === "MS" || (unit === undefined && amount >= 1000)));
  return isMs ? amount / 1000 : amount;
}
