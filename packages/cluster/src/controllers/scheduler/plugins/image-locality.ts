import type { Pod } from "@seaworthy/kube";
import type { NodeInfo } from "../node-info.ts";
import { maxScore } from "../plugin.ts";
import type { Snapshot } from "../snapshot.ts";

/**
 * Rates nodes by the images of the pod that they have already, the larger ones more, and more those that many nodes have.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/imagelocality/image_locality.go
 */
export function imageLocality(
  { spec }: Pod,
  { nodes }: Snapshot,
  feasible: readonly NodeInfo[],
): number[] | undefined {
  if (nodes.every(({ node }) => (node.status?.images ?? []).length === 0)) return undefined;
  const images = nodes.map(imagesOf);
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const wanted = [
    ...containers.map(({ image = "" }) => image),
    ...(spec.volumes ?? []).flatMap(({ image }) => image?.reference ?? []),
  ]
    .map(withTag)
    .map((name) => ({
      name,
      spread: images.filter((there) => there.has(name)).length / nodes.length,
    }));
  const largest = largestPerContainer * containers.length;
  return feasible.map((info) => {
    const own = imagesOf(info);
    const sum = wanted.reduce(
      (total, { name, spread }) => total + Math.trunc((own.get(name) ?? 0) * spread),
      0,
    );
    const bounded = Math.min(largest, Math.max(smallest, sum));
    return Math.floor((maxScore * (bounded - smallest)) / (largest - smallest));
  });
}

const megabyte = 1024 * 1024;
const smallest = 23 * megabyte;
const largestPerContainer = 1000 * megabyte;

/** The sizes of a node's images by each of their names. */
function imagesOf({ node }: NodeInfo): Map<string, number> {
  return new Map(
    (node.status?.images ?? []).flatMap(({ names = [], sizeBytes = 0 }) =>
      names.map((name) => [name, sizeBytes] as const),
    ),
  );
}

function withTag(image: string): string {
  return image.lastIndexOf(":") <= image.lastIndexOf("/") ? `${image}:latest` : image;
}
