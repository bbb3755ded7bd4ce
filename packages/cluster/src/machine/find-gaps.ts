import type { Notice } from "@seaworthy/errors";
import { podTemplateOf, serviceSelects, type KubeObject, type PodSpec, type Service } from "@seaworthy/kube";

/** What this machine gives to pods, as far as that differs from machine to machine. */
export interface Machine {
  /** Pods are in namespaces of Linux, and not plain processes. */
  readonly isolates: boolean;
  /** Pods have a network of the kernel's together. */
  readonly connects: boolean;
  /** What pods are held to of their securityContexts: all of it, or not as whom they run, or nothing. */
  readonly holds: "users" | "privileges" | "nothing";
  /** CPU limits are in force. */
  readonly limitsCpu: boolean;
}

export const noCpuLimits = "CPU limits are not in force, because this user may not make control groups";

const noNetwork =
  "because pods have no network of the kernel's here (Linux with ip, nft and user namespaces is needed)";
export const noPolicies = `NetworkPolicies are not in force, ${noNetwork}`;

/**
 * What these objects ask for and this machine does not give, for its user to know before they are applied. `isForNode` says
 * whether an image is run by Node, whose servers and files also plain processes can be given a place for.
 */
export function findGaps(
  machine: Machine,
  objects: readonly KubeObject[],
  isForNode: (image: string) => boolean,
): Notice[] {
  const pods = objects.flatMap((object) => {
    const { labels = {}, spec } = podTemplateOf(object) ?? {};
    return spec === undefined ? [] : [{ object, labels, spec }];
  });
  const named = (has: (spec: PodSpec) => boolean) =>
    pods.filter(({ spec }) => has(spec)).map(({ object }) => nameOf(object));
  const notices: Notice[] = [];
  const tell = (text: string, names: readonly string[]) => {
    if (names.length > 0) notices.push({ text, names });
  };
  if (!machine.connects) {
    const services = objects.filter(
      (object) =>
        object.kind === "Service" && pods.some(({ labels }) => serviceSelects(object as Service, labels)),
    );
    // With one workload, its Services are for clients outside.
    if (pods.length > 1)
      tell(`pods cannot reach these Services, ${noNetwork}; clients outside can`, services.map(nameOf));
    tell(noPolicies, objects.filter(({ kind }) => kind === "NetworkPolicy").map(nameOf));
    tell(`host ports and host networks are not given, ${noNetwork}`, named(usesHost));
    // Plain processes have the machine's own network.
    if (machine.isolates)
      tell(
        `pods reach nothing outside but the API server, ${noNetwork}`,
        named(() => true),
      );
  }
  if (!machine.isolates)
    tell(
      "only Node programs get an address of their own and see their volumes here, because this machine has no namespaces of Linux for pods; others are plain processes with its ports and files",
      named(({ containers }) => containers.some(({ image = "" }) => !isForNode(image))),
    );
  if (machine.holds === "nothing")
    tell(
      "securityContexts are not in force, because this machine has no namespaces of Linux for pods",
      named((spec) => contextsOf(spec).some((context) => Object.keys(context).length > 0)),
    );
  if (machine.holds === "privileges")
    tell(
      "containers run as this user, whatever their securityContexts say, because only root can start them as others",
      named((spec) =>
        contextsOf(spec).some(({ runAsUser, runAsGroup }) => (runAsUser ?? runAsGroup) !== undefined),
      ),
    );
  if (!machine.limitsCpu) tell(noCpuLimits, named(limitsCpu));
  return notices;
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.name}`;
}

function contextsOf({ securityContext = {}, containers, initContainers = [] }: PodSpec) {
  return [securityContext, ...[...containers, ...initContainers].map((each) => each.securityContext ?? {})];
}

function usesHost({ hostNetwork, containers }: PodSpec): boolean {
  return (
    hostNetwork === true ||
    containers.some(({ ports = [] }) => ports.some(({ hostPort }) => hostPort !== undefined))
  );
}

function limitsCpu({ containers, initContainers = [] }: PodSpec): boolean {
  return [...containers, ...initContainers].some(({ resources }) => resources?.limits?.["cpu"] !== undefined);
}
