import type { Node } from "../../../object.ts";
import { ageColumn, column, nameColumn, wideColumn, type TableColumns } from "../../columns/columns.ts";
import { ageOf } from "../../columns/human-duration.ts";

/** What `kubectl get nodes` shows. */
export const nodeColumns: TableColumns = {
  columns: [
    nameColumn,
    column("Status", "The status of the node"),
    column("Roles", "The roles of the node"),
    ageColumn,
    column("Version", "Kubelet Version reported by the node."),
    wideColumn("Internal-IP", "List of addresses reachable to the node."),
    wideColumn("External-IP", "List of addresses reachable to the node."),
    wideColumn(
      "OS-Image",
      "OS Image reported by the node from /etc/os-release (e.g. Debian GNU/Linux 7 (wheezy)).",
    ),
    wideColumn(
      "Kernel-Version",
      "Kernel Version reported by the node from 'uname -r' (e.g. 3.16.0-0.bpo.4-amd64).",
    ),
    wideColumn(
      "Container-Runtime",
      "ContainerRuntime Version reported by the node through runtime remote API.",
    ),
  ],
  cells(object, nowMs) {
    const { metadata, spec, status } = object as Node;
    const ready = status?.conditions?.find(({ type }) => type === "Ready");
    const states = [ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady"];
    if (spec?.unschedulable === true) states.push("SchedulingDisabled");
    const address = (type: string) =>
      status?.addresses?.find((other) => other.type === type)?.address ?? "<none>";
    const info = status?.nodeInfo;
    return [
      metadata.name,
      states.join(","),
      roles(metadata.labels ?? {}) || "<none>",
      ageOf(metadata.creationTimestamp, nowMs),
      info?.kubeletVersion ?? "",
      address("InternalIP"),
      address("ExternalIP"),
      info?.osImage || "<unknown>",
      info?.kernelVersion
        ? `${info.kernelVersion}${info.architecture ? ` (${info.architecture})` : ""}`
        : "<unknown>",
      info?.containerRuntimeVersion || "<unknown>",
    ];
  },
};

const rolePrefix = "node-role.kubernetes.io/";

function roles(labels: Readonly<Record<string, string>>): string {
  const found = Object.entries(labels).flatMap(([key, value]) => {
    if (key.startsWith(rolePrefix)) return key.slice(rolePrefix.length);
    return key === "kubernetes.io/role" ? value : "";
  });
  return [...new Set(found.filter((role) => role !== ""))].sort().join(",");
}
