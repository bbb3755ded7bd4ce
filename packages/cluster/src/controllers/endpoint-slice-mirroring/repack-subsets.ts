import type { EndpointAddress, EndpointPort, EndpointSubset } from "@seaworthy/kube";

/**
 * The same endpoints in the fewest subsets: each set of addresses once, with all ports that are written for it in any place. An
 * address that is called not ready anywhere is not ready (k8s.io/kubernetes/pkg/api/v1/endpoints/util.go, RepackSubsets).
 */
export function repackSubsets(subsets: readonly EndpointSubset[]): EndpointSubset[] {
  const byPort = new Map<string, { readonly port?: EndpointPort; readonly hosts: Hosts }>();
  for (const subset of subsets) {
    const ports: (EndpointPort | undefined)[] = subset.ports ?? [];
    for (const port of ports.length > 0 ? ports : [undefined]) {
      const key = JSON.stringify([port?.name ?? "", port?.port, port?.protocol ?? "TCP", port?.appProtocol]);
      const entry = byPort.get(key) ?? { ...(port === undefined ? {} : { port }), hosts: new Map() };
      byPort.set(key, entry);
      for (const address of subset.addresses ?? []) add(entry.hosts, address, true);
      for (const address of subset.notReadyAddresses ?? []) add(entry.hosts, address, false);
    }
  }
  const byHosts = Map.groupBy(byPort.values(), ({ hosts }) =>
    JSON.stringify([...hosts].map(shortForm).toSorted()),
  );
  return [...byHosts.values()].map((entries) => subsetOf(entries[0]?.hosts ?? new Map(), entries));
}

type Hosts = Map<string, { readonly address: EndpointAddress; readonly ready: boolean }>;

function add(hosts: Hosts, address: EndpointAddress, ready: boolean): void {
  const key = `${address.ip} ${address.targetRef?.uid ?? ""}`;
  const before = hosts.get(key);
  hosts.set(key, { address: before?.address ?? address, ready: ready && before?.ready !== false });
}

function shortForm([key, { ready }]: readonly [string, { readonly ready: boolean }]): string {
  return `${key} ${ready}`;
}

function subsetOf(hosts: Hosts, entries: readonly { readonly port?: EndpointPort }[]): EndpointSubset {
  const ports = entries.flatMap(({ port }) => port ?? []);
  const all = [...hosts.values()];
  return {
    addresses: all.filter(({ ready }) => ready).map(({ address }) => address),
    notReadyAddresses: all.filter(({ ready }) => !ready).map(({ address }) => address),
    ports,
  };
}
