import { apiVersionsOf, builtInKinds, nearestName } from "@seaworthy/kube";
import { apiVersionOf } from "../api-versions.ts";
import { isKnownKind } from "../field-problems.ts";
import { manifestRule } from "../manifest-rule.ts";

/** A kind that no API server knows without help, in a group that is Kubernetes' own. */
export const unknownKind = manifestRule(
  {
    id: "unknown-kind",
    severity: "error",
    title: "a kind that Kubernetes does not have",
    why: `The API server refuses an object whose \`apiVersion\` and \`kind\` it does not know, and whatever needs that object waits
for it in vain. Kinds that somebody adds by a CustomResourceDefinition have a group with a dot, so that this one can only be a
mistake.`,
    mend: "Write the `apiVersion` that has this kind, or correct the name of the kind.",
    sources: ["https://kubernetes.io/docs/reference/kubernetes-api/"],
    profile: "default",
    peers: { "kube-linter": ["schema-validation"] },
  },
  function* (manifest) {
    const { apiVersion, kind } = manifest.object;
    if (isKnownKind(manifest) || apiVersionOf(apiVersion, kind) !== undefined) return;
    const versions = builtInKinds.filter((each) => each.kind === kind).flatMap(apiVersionsOf);
    const ofVersion = builtInKinds.filter((each) => apiVersionsOf(each).includes(apiVersion));
    const near = nearestName(
      kind,
      (ofVersion.length > 0 ? ofVersion : builtInKinds).map((each) => each.kind),
    );
    const [version] = versions;
    const field = version !== undefined ? "apiVersion" : "kind";
    const meant = version ?? near;
    yield {
      path: [field],
      message: `there is no kind ${kind} in ${apiVersion}`,
      label: meant === undefined ? "not built into Kubernetes" : `did you mean ${meant}?`,
      next: [
        meant === undefined
          ? "check the spelling of apiVersion and kind"
          : `${field}: ${versions.length > 0 ? versions.join(", or ") : meant}`,
      ],
      ...(meant === undefined || versions.length > 1
        ? {}
        : { fix: { isSafe: false, edits: [{ manifest, path: [field], op: "set", value: meant }] } }),
    };
  },
);
