import { apiVersionOf, isAtLeast } from "../api-versions.ts";
import { manifestRule } from "../manifest-rule.ts";

/** An apiVersion that the cluster does not serve any more, or not yet. */
export const removedApi = manifestRule(
  {
    id: "removed-api",
    severity: "error",
    title: "an apiVersion that the cluster does not serve",
    why: `Kubernetes removes old versions of its APIs, and clusters that are older than a new version do not have it yet. The API
server then answers \`no matches for kind\`, and the object is not made. After an upgrade of the cluster, the same files that
worked yesterday cannot be applied any more; Helm cannot even upgrade the release that holds them.`,
    mend: `Write the version that takes its place, and adapt the fields that differ: the guide below has them. The version of
Kubernetes that is meant is told by \`--kubernetes\`; without it the newest one is meant.`,
    sources: [
      "https://kubernetes.io/docs/reference/using-api/deprecation-guide/",
      "https://helm.sh/docs/topics/kubernetes_apis/",
    ],
    profile: "default",
    peers: { "kube-score": ["stable-version"], "kube-linter": ["no-extensions-v1beta"] },
  },
  function* ({ object: { apiVersion, kind } }, { kubernetes }) {
    const version = apiVersionOf(apiVersion, kind);
    if (version === undefined) return;
    const { since, removed, instead } = version;
    if (removed !== undefined && isAtLeast(kubernetes, removed)) {
      yield {
        path: ["apiVersion"],
        message: `Kubernetes ${kubernetes} does not serve ${kind} in ${apiVersion} any more`,
        label: `removed in ${removed}`,
        next: [
          instead === undefined ? `remove it: nothing takes the place of ${kind}` : `apiVersion: ${instead}`,
          ...(instead === undefined ? [] : ["and adapt the fields that differ there"]),
        ],
      };
    } else if (!isAtLeast(kubernetes, since)) {
      yield {
        path: ["apiVersion"],
        message: `Kubernetes ${kubernetes} does not serve ${kind} in ${apiVersion} yet`,
        label: `came in ${since}`,
        next: [`write the version that ${kubernetes} has, or upgrade the cluster to ${since} first`],
      };
    }
  },
);
