import { compareQuantity, isQuantity, parseQuantity } from "@seaworthy/kube";
import { containerRule } from "../../../make-rule.ts";
import { offerToSet, safeToSet } from "../../../fixes.ts";

/** An amount of memory or CPU that only a wrong unit explains. */
export const resourceUnit = containerRule(
  {
    id: "resource-unit",
    severity: "error",
    title: "an amount has the wrong unit",
    why: `\`memory: 512m\` is half a byte, for \`m\` is a thousandth; \`memory: 512\` are 512 bytes; \`cpu: 500\` are five hundred
CPUs. Kubernetes takes all three: with such a limit a container cannot start, and with such a request a pod waits for a
node that does not exist, or the node keeps nothing free for it.`,
    mend: `Memory in \`Mi\` or \`Gi\`, CPU in thousandths with \`m\`: \`memory: 512Mi\`, \`cpu: 500m\`.`,
    sources: [
      "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#meaning-of-memory",
      "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#meaning-of-cpu",
    ],
    profile: "default",
  },
  function* look(source, pod) {
    const { name, resources } = source.container;
    for (const list of ["requests", "limits"] as const) {
      for (const [resource, amount] of Object.entries(resources?.[list] ?? {})) {
        const meant = isQuantity(amount) ? meantAmount(resource, amount) : undefined;
        if (meant === undefined) continue;
        const path = ["resources", list, resource];
        // With a limit of a byte it cannot have started yet. A request that is counted at last may find no node.
        const change = list === "limits" && amount.endsWith?.("m") ? safeToSet : offerToSet;
        yield {
          path,
          message: `container ${name} ${list === "limits" ? "may use" : "asks for"} ${inWords(resource, amount)}`,
          label: inWords(resource, amount),
          next: [`${resource}: ${meant}`],
          fix: change({ manifest: pod.manifest, path: source.path }, path, meant),
        };
      }
    }
  },
);

/** What was probably meant, where what is written cannot be. */
function meantAmount(resource: string, amount: string): string | undefined {
  const digits = /^\d+/.exec(amount)?.[0];
  if (digits === undefined || /^0+$/.test(digits)) return undefined;
  if (resource === "cpu") return compareQuantity(amount, "100") >= 0 ? `${digits}m` : undefined;
  if (resource !== "memory" && resource !== "ephemeral-storage") return undefined;
  return compareQuantity(amount, "64Ki") < 0 ? `${digits}Mi` : undefined;
}

function inWords(resource: string, amount: string): string {
  if (resource === "cpu") return `${Number(parseQuantity(amount) / 1_000_000_000n)} whole CPUs`;
  const kind = resource === "memory" ? "memory" : "disk";
  const bytes = Number(parseQuantity(amount)) / 1e9;
  return bytes < 1 ? `less than a byte of ${kind}` : `${Math.round(bytes)} bytes of ${kind}`;
}
