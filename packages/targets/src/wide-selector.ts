import type { Route } from "@seaworthy/app";
import { SeaworthyError } from "@seaworthy/errors";
import type { Deployment, Manifest, Service } from "@seaworthy/kube";
import { answerText, type Answer } from "./ask/answer.ts";
import type { PodBehind } from "./pods-behind.ts";

/** A pod that a Service selects and that does not serve its port. */
export interface StrayPod {
  readonly pod: PodBehind;
  /** What it answered, where it could be asked. */
  readonly answer: Answer | undefined;
}

/** Tells of a Service that selects pods of another workload: whose they are, and which label would tell them apart. */
export function wideSelector(
  route: Route,
  pods: readonly PodBehind[],
  stray: readonly StrayPod[],
  manifests: readonly Manifest[],
): SeaworthyError {
  const strayNames = new Set(stray.map(({ pod }) => pod.name));
  const own = pods.filter(({ name }) => !strayNames.has(name));
  const manifest = manifests.find(
    ({ object }) =>
      object.kind === "Service" &&
      object.metadata.name === route.service &&
      (object.metadata.namespace ?? "default") === route.namespace,
  );
  const selector = Object.entries((manifest?.object as Service | undefined)?.spec.selector ?? {});
  const whose = listOf(stray.map(({ pod }) => pod.workload));
  const apart = labelsApart(own, stray, manifests);
  const place = manifest?.locate(["spec", "selector"]);
  return new SeaworthyError(
    "SW1210",
    `Service ${route.service} sends requests to pods of ${whose}, which do not serve its port`,
    {
      place:
        place === undefined ? undefined : { ...place, label: `these pods of ${whose} have the same labels` },
      object: `Service ${route.namespace}/${route.service}`,
      field: "spec.selector",
      why: `${stray.length} of ${pods.length} endpoints do not answer, so that share of all requests is lost, rollout or not`,
      seen: [
        `the selector: ${selector.map(([key, value]) => `${key}=${value}`).join(", ")}`,
        ...stray.map(
          ({ pod, answer }) =>
            `${pod.ip}:${pod.port}, ${pod.name} of ${pod.workload}: ${answer === undefined ? "does not declare the port" : answerText(answer)}`,
        ),
        ...[...Map.groupBy(own, ({ workload }) => workload)].map(
          ([workload, members]) =>
            `${members.length} of ${workload} ${stray.some(({ answer }) => answer === undefined) ? "declare it" : "answer"}`,
        ),
      ],
      next: [
        apart.length === 0
          ? `give the pods of ${listOf(own.map(({ workload }) => workload))} a label that those of ${whose} do not have, and select by it`
          : `add to spec.selector of Service ${route.service}: \`${apart[0]![0]}: ${apart[0]![1]}\``,
      ],
    },
  );
}

/**
 * Labels that all pods which answer have alike, and the others do not: first those by which their Deployment selects them,
 * for these never change. Those that change with each release are none.
 */
function labelsApart(
  own: readonly PodBehind[],
  stray: readonly StrayPod[],
  manifests: readonly Manifest[],
): [key: string, value: string][] {
  const fixed = new Set(
    manifests
      .filter(({ object }) =>
        own.some(({ workload }) => workload === `${object.kind} ${object.metadata.name}`),
      )
      .flatMap(({ object }) => Object.keys((object as Deployment).spec?.selector?.matchLabels ?? {})),
  );
  return Object.entries(own[0]?.labels ?? {})
    .filter(
      ([key, value]) =>
        (fixed.has(key) || !changing.test(key)) &&
        own.every(({ labels }) => labels[key] === value) &&
        stray.every(({ pod }) => pod.labels[key] !== value),
    )
    .toSorted(([left], [right]) => Number(fixed.has(right)) - Number(fixed.has(left)));
}

const changing = /(?:^|[./-])(?:version|chart|revision|release|commit|date|hash)$/i;

function listOf(names: readonly string[]): string {
  return [...new Set(names)].join(" and ");
}
