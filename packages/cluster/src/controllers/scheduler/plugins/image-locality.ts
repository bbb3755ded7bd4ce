import type { Pod } from "@seaworthy/kube";
import type { NodeInfo } from "../node-info.ts";
import { maxScore } from "../plugin.ts";
import { overNodes } from "../over-nodes.ts";
import type { Snapshot } from "../snapshot.ts";

/**
 * Rates nodes by the images of the pod that they have already, the larger ones more, and more those that many nodes have.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/imagelocality/image_locality.go
 */
export function imageLocality(
  { spec }: Pod,
  snapshot: Snapshot,
  feasible: readonly NodeInfo[],
): number[] | undefined {
  const counts = countImages(undefined, snapshot);
  if (counts.size === 0) return undefined;
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const wanted = [
    ...containers.map(({ image = "" }) => image),
    ...(spec.volumes ?? []).flatMap(({ image }) => image?.reference ?? []),
  ]
    .map(withTag)
    .map((name) => ({
      name,
      spread: (counts.get(name) ?? 0) / snapshot.nodes.length,
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

/** How many nodes have each image. */
const countImages = overNodes(
  () => "images",
  () => {
    const sum = new Map<string, number>();
    return {
      sum,
      count(info, sign) {
        for (const name of imagesOf(info).keys()) {
          const next = (sum.get(name) ?? 0) + sign;
          if (next > 0) sum.set(name, next);
          else sum.delete(name);
        }
      },
    };
  },
);

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
