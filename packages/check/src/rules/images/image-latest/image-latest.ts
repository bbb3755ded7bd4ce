import { imageReference } from "@seaworthy/kube";
import { containerRule } from "../../../make-rule.ts";

/** An image of which the tag is moved to whatever was built last. */
export const imageLatest = containerRule(
  {
    id: "image-latest",
    severity: "warning",
    title: "an image has no tag of its own",
    why: `Such a tag is moved to whatever was pushed last. A pod that starts again after a node has failed, or one more for
a peak, then runs other code than its neighbours: a release that nobody made, and that no rollback takes back, because the old
revision names the same tag.`,
    mend: `Name the version: \`shop:1.4.2\`, and better its digest as well: \`shop:1.4.2@sha256:…\`.`,
    sources: [
      "https://kubernetes.io/docs/concepts/containers/images/#image-names",
      "https://kubernetes.io/docs/concepts/configuration/overview/#container-images",
    ],
    profile: "default",
    peers: {
      "kube-score": ["container-image-tag"],
      "kube-linter": ["latest-tag"],
      polaris: ["tagNotSpecified"],
    },
  },
  function* look({ container: { name, image } }) {
    // Sidecar injectors replace an empty image or the word auto, and so do tools that set images by name.
    if (!image || image === "auto") return;
    const { tag, digest } = imageReference(image);
    if (digest !== undefined || (tag !== undefined && !movingTags.has(tag))) return;
    yield {
      path: ["image"],
      message:
        tag === undefined
          ? `container ${name} runs whatever was pushed last: its image ${image} has no tag, which means latest`
          : `container ${name} runs whatever was pushed last: the tag ${tag} of its image is moved`,
      label: tag === undefined ? "no tag" : "not a version",
      next: ["name the version that was tested, and its digest: kubectl get pod … -o jsonpath={..imageID}"],
    };
  },
);

/** Tags that by custom are moved with each build. */
const movingTags: ReadonlySet<string> = new Set([
  "latest",
  "main",
  "master",
  "develop",
  "dev",
  "edge",
  "nightly",
  "snapshot",
]);
