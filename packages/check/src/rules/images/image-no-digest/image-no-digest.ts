import { imageReference } from "@seaworthy/kube";
import { containerRule } from "../../../make-rule.ts";

/** An image that is named by a tag, which can be pushed again. */
export const imageNoDigest = containerRule(
  {
    id: "image-no-digest",
    severity: "advice",
    title: "an image is not pinned by its digest",
    why: `A tag can be pushed again, by mistake or by somebody who has the registry's password, and nodes that pull it
later run something else under the same name. A digest is the content itself.`,
    mend: `Write both: \`shop:1.4.2@sha256:…\`. Take the digest of the index, which stands for all platforms, not that of
the image for your own: \`docker buildx imagetools inspect IMAGE\` shows it. Renovate and Dependabot keep it up to date.`,
    sources: [
      "https://kubernetes.io/docs/concepts/containers/images/#image-names",
      "https://github.com/growthbook/growthbook/pull/6741",
    ],
    givesWayTo: ["image-latest", "image-gone"],
    profile: "strict",
  },
  function* look({ container: { name, image } }) {
    if (!image) return;
    const { tag, digest } = imageReference(image);
    // Without a version, the rule image-latest says more.
    if (digest !== undefined || tag === undefined || tag === "latest") return;
    yield {
      path: ["image"],
      message: `container ${name} names its image by the tag ${tag}, which can be pushed again`,
      label: "no digest",
      next: [`${image}@sha256:…, with the digest that docker buildx imagetools inspect shows`],
    };
  },
);
