import { formatFieldPath, type ContainerPort, type FieldPath } from "@seaworthy/kube";
import { podRule } from "../../../make-rule.ts";

/** A port, or the name of one, that a pod has twice. */
export const duplicatePort = podRule(
  {
    id: "duplicate-port",
    severity: "warning",
    title: "two ports of a pod have one number or one name",
    why: `All containers of a pod share one address: the second that wants the same port fails with \`address already in use\` and is
restarted for ever. Of two ports with one name, Services and probes take the first.`,
    mend: "Give each port a number and a name of its own.",
    sources: ["https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/api/pod/warnings.go"],
    profile: "default",
    peers: { "kube-score": ["container-ports-check"] },
  },
  function* ({ containers, manifest, path: template }) {
    const seen = new Map<string, FieldPath>();
    // An init container is gone when the others start.
    for (const { container, path } of containers.filter(({ role }) => role !== "init"))
      for (const [index, port] of (container.ports ?? []).entries())
        for (const { id, field, text } of identitiesOf(port)) {
          const at = [...path, "ports", index, field];
          const earlier = seen.get(id);
          seen.set(id, earlier ?? at);
          if (earlier === undefined) continue;
          const { file, line } = manifest.locate(earlier);
          yield {
            path: at.slice(template.length),
            message: `container ${container.name} has ${text}, which is there already`,
            label: `the same as ${formatFieldPath(earlier.slice(template.length + 1, -1))}`,
            seen: [`${file}:${line} has ${text} first`],
            next: ["give one of the two another number or name, or remove it"],
          };
        }
  },
);

function identitiesOf({ containerPort, protocol = "TCP", name, hostIP = "" }: ContainerPort) {
  return [
    {
      id: `${containerPort}/${protocol}/${hostIP}`,
      field: "containerPort",
      text: `port ${containerPort}${protocol === "TCP" ? "" : `/${protocol}`}`,
    },
    // The same name for TCP and UDP is usual for DNS.
    ...(name === undefined
      ? []
      : [{ id: `${name}/${protocol}`, field: "name", text: `a port named ${name}` }]),
  ];
}
