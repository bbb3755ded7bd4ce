import { deepEqual, type Container, type Pod } from "@seaworthy/kube";

type Resources = NonNullable<Container["resources"]>;

/**
 * The resources that a node has given to a pod's containers. They follow those of the pod's spec when the node has them to give.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/allocation/allocation_manager.go
 */
export class PodAllocation {
  readonly #given: Map<string, Resources>;
  /** Why the pod does not have what its spec says. */
  pending: string | undefined;

  /** A pod that ran before has what its status says. */
  constructor({ spec, status = {} }: Pod) {
    const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
    const known = new Map(statuses.map(({ name, resources }) => [name, resources]));
    this.#given = new Map(
      containersOf(spec).map(({ name, resources = {} }) => [name, known.get(name) ?? resources]),
    );
  }

  /** The pod with what it has been given. */
  of(pod: Pod): Pod {
    const { containers, initContainers } = pod.spec;
    const given = (container: Container) => {
      const resources = this.#given.get(container.name);
      return resources === undefined || deepEqual(resources, container.resources ?? {})
        ? container
        : { ...container, resources };
    };
    return {
      ...pod,
      spec: {
        ...pod.spec,
        containers: containers.map(given),
        ...(initContainers === undefined ? {} : { initContainers: initContainers.map(given) }),
      },
    };
  }

  /** Gives the pod what its spec says, unless the node lacks it; `lackOf` says what. Tells whether something has changed. */
  follow(pod: Pod, lackOf: (pod: Pod) => string | undefined): boolean {
    const wanted = new Map(containersOf(pod.spec).map(({ name, resources = {} }) => [name, resources]));
    const isSame = [...wanted].every(([name, resources]) => deepEqual(resources, this.#given.get(name)));
    const before = this.pending;
    this.pending = isSame ? undefined : lackOf(pod);
    if (isSame || this.pending !== undefined) return before !== this.pending;
    for (const [name, resources] of wanted) this.#given.set(name, resources);
    return true;
  }
}

function containersOf({ initContainers = [], containers }: Pod["spec"]): Container[] {
  return [...initContainers, ...containers];
}
