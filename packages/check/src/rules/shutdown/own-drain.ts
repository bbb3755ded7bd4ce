import { parseDuration, type ConfigMap } from "@seaworthy/kube";
import type { ObjectSet } from "../../objects/object-set.ts";
import type { ContainerSource, PodSource } from "../../objects/pod-source.ts";

/** A program that serves on after SIGTERM, for as long as a setting of its own says. */
export interface DrainingProgram {
  /** The program and its setting, for people: Markdown. */
  readonly name: string;
  /** Finds how long that is, in what a manifest shows of a container; see {@link shownOf}. */
  readonly says: RegExp;
  /** How long it is when it is not said. */
  readonly usual?: string;
  readonly source: string;
}

/**
 * Those of which it is documented. Settings that give requests time to end while the port is closed already are none of
 * these: HAProxy's `hard-stop-after`, Traefik's `graceTimeOut`, `--drain-time-s` of a lone Envoy. Linkerd's proxy, Contour and
 * Envoy Gateway wait in a preStop hook.
 */
export const drainingPrograms: readonly DrainingProgram[] = [
  {
    name: "CoreDNS' `lameduck`",
    says: /\blameduck\s+([\d.][\w.]*)/g,
    source: "https://coredns.io/plugins/health/",
  },
  {
    name: "Traefik's `requestAcceptGraceTimeout`",
    says: /requestAcceptGraceTimeout["']?[:=\s]+["']?([\d.][\w.]*)/gi,
    source: "https://doc.traefik.io/traefik/v2.4/routing/entrypoints/",
  },
  {
    name: "`--shutdown-delay-duration` of Kubernetes' API servers",
    says: /--shutdown-delay-duration[=\s]+([\d.][\w.]*)/g,
    source: "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",
  },
  {
    name: "`shutdown-delay` of Grafana's Mimir and Tempo",
    says: /(?:-shutdown-delay|\bshutdown_delay)["']?[:=\s]+["']?([\d.][\w.]*)/g,
    source: "https://github.com/grafana/mimir/pull/3298",
  },
  {
    name: "`--shutdown-grace-period` of ingress-nginx",
    says: /nginx-ingress-controller\s[^]*--shutdown-grace-period[=\s]+(\d+)/g,
    source: "https://github.com/kubernetes/ingress-nginx/pull/5855",
  },
  {
    name: "`--shutdown-wait-period` of Open Policy Agent",
    says: /--shutdown-wait-period[=\s]+(\d+)/g,
    source: "https://github.com/open-policy-agent/opa/issues/2764",
  },
  {
    name: "Skipper's `-wait-for-healthcheck-interval`",
    says: /-wait-for-healthcheck-interval[=\s]+([\d.][\w.]*)/g,
    source: "https://github.com/zalando/skipper/commit/e44dca6cb405036a3509a97bced4dd00cbd31933",
  },
  {
    name: "HAProxy's `grace`",
    says: /^\s*grace\s+(\d+(?:ms|s|m|h))\b/gm,
    source: "https://github.com/haproxy/haproxy/commit/10080716bfa76380a7b93c4d0ff4081301fada0c",
  },
  {
    name: "`terminationDrainDuration` of Istio's proxy",
    says: /^istio-proxy\s(?:[^]*\bterminationDrainDuration["']?:\s*["']?([\d.][\w.]*))?/g,
    usual: "5s",
    source: "https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#ProxyConfig",
  },
];

/** How many seconds a container serves on after SIGTERM, as far as the manifests show it; else 0. */
export function ownDrainSeconds(source: ContainerSource, pod: PodSource, set: ObjectSet): number {
  const shown = shownOf(source, pod, set);
  for (const { says, usual } of drainingPrograms) {
    // Where several entry points or servers have it, the first that closes is the one that refuses.
    const said = [...shown.matchAll(says)].map(([, text = usual ?? ""]) => secondsOf(text));
    if (said.length > 0) return Math.min(...said);
  }
  return 0;
}

/** As all of these read it: a plain number is one of seconds. */
function secondsOf(text: string): number {
  return /^[\d.]+$/.test(text) ? Number(text) : parseDuration(text) / 1e9;
}

/** All by which a program can be told how to end: the container's name and command line, its variables, and the files of ConfigMaps. */
function shownOf({ container }: ContainerSource, pod: PodSource, set: ObjectSet): string {
  const { name, command = [], args = [], env = [], volumeMounts = [] } = container;
  const volumes = (pod.spec.volumes ?? []).filter((volume) =>
    volumeMounts.some((mount) => mount.name === volume.name),
  );
  const maps = volumes.flatMap(({ configMap, projected }) => [
    configMap?.name,
    ...(projected?.sources ?? []).map((each) => each.configMap?.name),
  ]);
  const files = maps.flatMap((map) =>
    map === undefined
      ? []
      : Object.values(set.beside<ConfigMap>(pod.manifest.object, "ConfigMap", map)?.object.data ?? {}),
  );
  return [
    [name, ...command, ...args].join(" "),
    ...env.map((variable) => `${variable.name}=${variable.value ?? ""}`),
    pod.annotations["proxy.istio.io/config"] ?? "",
    ...files.map((text) => text.replace(/^\s*#.*$/gm, "")),
  ].join("\n");
}
