import type { SigningRequest } from "@seaworthy/certificates";

/** Says what a signer has against a request; undefined when it will sign. */
type Check = (request: SigningRequest, usages: readonly string[]) => string | undefined;

/**
 * The signers of Kubernetes, and what they sign.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/certificates/helpers.go
 */
export const signers: ReadonlyMap<string, Check> = new Map<string, Check>([
  ["kubernetes.io/kube-apiserver-client", (_request, usages) => clientUsageProblem(usages)],
  [
    "kubernetes.io/kube-apiserver-client-kubelet",
    (request, usages) =>
      nodeProblem(request, "organization") ??
      forbiddenName(request, ["DNS", "Email", "IP", "URI"]) ??
      nodeProblem(request, "common name") ??
      usageProblem(usages, "client auth"),
  ],
  [
    "kubernetes.io/kubelet-serving",
    (request, usages) =>
      nodeProblem(request, "organization") ??
      missingName(request) ??
      forbiddenName(request, ["Email", "URI"]) ??
      usageProblem(usages, "server auth") ??
      nodeProblem(request, "common name"),
  ],
]);

function clientUsageProblem(usages: readonly string[]): string | undefined {
  const required = "client auth";
  const other = usages.find((usage) => ![required, "digital signature", "key encipherment"].includes(usage));
  if (other !== undefined) return `invalid usage for client certificate: ${other}`;
  return usages.includes(required) ? undefined : `missing required usage for client certificate: ${required}`;
}

function nodeProblem(
  { organizations, commonName }: SigningRequest,
  what: "organization" | "common name",
): string | undefined {
  if (what === "common name")
    return commonName.startsWith("system:node:")
      ? undefined
      : "subject common name does not begin with system:node:";
  return organizations.join() === "system:nodes" ? undefined : "subject organization is not system:nodes";
}

function missingName({ names }: SigningRequest): string | undefined {
  const count = (names.dnsNames?.length ?? 0) + (names.ipAddresses?.length ?? 0);
  return count > 0 ? undefined : "DNS or IP subjectAltName is required";
}

function forbiddenName({ names }: SigningRequest, kinds: readonly string[]): string | undefined {
  const { dnsNames = [], emailAddresses = [], ipAddresses = [], uris = [] } = names;
  const given: Readonly<Record<string, readonly string[]>> = {
    DNS: dnsNames,
    Email: emailAddresses,
    IP: ipAddresses,
    URI: uris,
  };
  const kind = kinds.find((each) => (given[each] ?? []).length > 0);
  return kind === undefined ? undefined : `${kind} subjectAltNames are not allowed`;
}

/** Keys of RSA may be used to encipher, others need not. */
function usageProblem(usages: readonly string[], purpose: string): string | undefined {
  const given = [...new Set(usages)].sort().join();
  const [few, all] = [
    [purpose, "digital signature"],
    [purpose, "digital signature", "key encipherment"],
  ].map((wanted) => wanted.toSorted());
  return given === few!.join() || given === all!.join()
    ? undefined
    : `usages did not match [${all!.join(" ")}]`;
}
