import { imageReference } from "@seaworthy/kube";
import { containerRule } from "../../../make-rule.ts";
import { offerToSet } from "../../../fixes.ts";

/** An image at an address that was given up. */
export const imageGone = containerRule(
  {
    id: "image-gone",
    severity: "warning",
    title: "an image is taken from where it no longer belongs",
    why: `Bitnami's free images with a version left Docker Hub on 28 August 2025: nodes that have one go on, and nobody notices
until a pod starts on another node, with ImagePullBackOff. \`k8s.gcr.io\` gets no images and no repairs since April 2023, and
is not promised to stay.`,
    mend: `Bitnami's old versions are in \`docker.io/bitnamilegacy\`, where they get no updates: take that for a while, and the
project's own image for good. What was at \`k8s.gcr.io\` is at \`registry.k8s.io\`, under the same name.`,
    sources: [
      "https://github.com/bitnami/charts/issues/35164",
      "https://github.com/bitnami/charts/issues/36530",
      "https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/",
    ],
    profile: "default",
  },
  function* look(source, pod) {
    const { name, image } = source.container;
    const move = image ? movedTo(image) : undefined;
    if (move === undefined) return;
    yield {
      path: ["image"],
      message: `container ${name} takes its image from ${move.from}`,
      label: move.label,
      next: [`image: ${move.image}`, ...move.more],
      fix: offerToSet({ manifest: pod.manifest, path: source.path }, ["image"], move.image),
    };
  },
);

interface Move {
  readonly image: string;
  readonly from: string;
  readonly label: string;
  readonly more: readonly string[];
}

function movedTo(image: string): Move | undefined {
  const registry = /^k8s\.gcr\.io\/(.+)/.exec(image);
  if (registry !== null) {
    const from = "k8s.gcr.io, which is frozen since April 2023";
    return { image: `registry.k8s.io/${registry[1]}`, from, label: "frozen", more: [] };
  }
  const bitnami = /^((?:index\.)?docker\.io\/)?bitnami\/(.+)/.exec(image);
  const { tag, digest } = imageReference(image);
  // Under latest, some of them are still given away for trying things out.
  if (bitnami === null || digest !== undefined || tag === undefined || tag === "latest") return undefined;
  return {
    image: `${bitnami[1] ?? ""}bitnamilegacy/${bitnami[2]}`,
    from: "bitnami on Docker Hub, from where its versions went in August 2025",
    label: "no longer there",
    more: ["or the project's own image, which gets updates"],
  };
}
