import { findBuiltInKind } from "@seaworthy/kube";
import { apiVersionOf, isAtLeast } from "../api-versions.ts";
import { manifestRule } from "../manifest-rule.ts";

/** An apiVersion that is still served, and will not be for ever. */
export const deprecatedApi = manifestRule(
  {
    id: "deprecated-api",
    severity: "warning",
    title: "a deprecated apiVersion",
    why: `The API server still takes it, with a warning that nobody reads in a pipeline. An upgrade of the cluster ends that: then the
object cannot be applied any more, at the worst time.`,
    mend: "Write the version that takes its place, as long as both are served.",
    sources: [
      "https://kubernetes.io/docs/reference/using-api/deprecation-guide/",
      "https://kubernetes.io/docs/reference/using-api/deprecation-policy/",
    ],
    profile: "default",
    peers: { "kube-score": ["stable-version"] },
  },
  function* ({ object: { apiVersion, kind } }, { kubernetes }) {
    const version = apiVersionOf(apiVersion, kind);
    const { deprecated, removed, instead } = version ?? {};
    const isGone = removed !== undefined && isAtLeast(kubernetes, removed);
    if (deprecated !== undefined && !isGone && isAtLeast(kubernetes, deprecated))
      yield {
        path: ["apiVersion"],
        message: `${kind} in ${apiVersion} is deprecated since Kubernetes ${deprecated}`,
        label: removed === undefined ? "deprecated" : `not served from ${removed} on`,
        next: [instead === undefined ? "write the stable version of this API" : `apiVersion: ${instead}`],
      };
    const deprecation = findBuiltInKind(apiVersion, kind)?.storage?.deprecation;
    const since = /deprecated in v([\d.]+\d)/.exec(deprecation ?? "")?.[1];
    if (deprecation !== undefined && since !== undefined && isAtLeast(kubernetes, since))
      yield {
        path: ["kind"],
        message: `${kind} is deprecated since Kubernetes ${since}`,
        label: "deprecated",
        next: [`use ${deprecation.replace(/^.*; use /, "")}`],
      };
  },
);
