import { compareQuantity, isQuantity, parseQuantity, type Container } from "@seaworthy/kube";
import { containerRule } from "../../../make-rule.ts";
import { safeToSet, type Holder } from "../../../fixes.ts";
import type { Edit } from "../../../rule.ts";

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
    const holder = { manifest: pod.manifest, path: source.path };
    for (const list of lists) {
      for (const [resource, amount] of Object.entries(resources?.[list] ?? {})) {
        const meant = isQuantity(amount) ? meantAmount(resource, amount) : undefined;
        if (meant === undefined) continue;
        const path = ["resources", list, resource];
        // With a limit of a byte it cannot have started yet. A request that is counted at last may find no node.
        yield {
          path,
          message: `container ${name} ${list === "limits" ? "may use" : "asks for"} ${inWords(resource, amount)}`,
          label: inWords(resource, amount),
          next: [`${resource}: ${meant}`],
          fix:
            list === "limits" && amount.endsWith?.("m")
              ? safeToSet(holder, path, meant)
              : { isSafe: false, edits: editsOf(holder, resources, resource) },
        };
      }
    }
  },
);

const lists = ["requests", "limits"] as const;

/** Mends request and limit at once: with one of them alone, the request might be more than the limit. */
function editsOf(
  { manifest, path }: Holder,
  resources: Container["resources"],
  resource: string,
): readonly Edit[] {
  return lists.flatMap((list) => {
    const amount = resources?.[list]?.[resource];
    const meant = amount !== undefined && isQuantity(amount) ? meantAmount(resource, amount) : undefined;
    return meant === undefined
      ? []
      : [{ manifest, path: [...path, "resources", list, resource], op: "set", value: meant }];
  });
}

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
