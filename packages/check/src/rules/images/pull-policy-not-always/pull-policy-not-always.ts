import { containerRule } from "../../../make-rule.ts";
import { defaultImagePullPolicy } from "@seaworthy/kube";

/** An image that is pulled only where it is missing. */
export const pullPolicyNotAlways = containerRule(
  {
    id: "pull-policy-not-always",
    severity: "advice",
    title: "an image is pulled only where a node does not have it",
    why: `kube-score and Polaris ask for \`imagePullPolicy: Always\`, so that a tag that was pushed again is noticed. No
profile of Seaworthy asks for it: every start of a pod then needs the registry, so that a registry that is down keeps pods from
being replaced just when nodes fail; and with a digest there is nothing to notice. It has one use: nodes shared by tenants who
must not run each other's private images; the admission plugin AlwaysPullImages is for that.`,
    mend: `Pin the image by its digest instead. To satisfy the other tools: \`imagePullPolicy: Always\`.`,
    sources: [
      "https://github.com/FairwindsOps/polaris/issues/1058",
      "https://github.com/bridgecrewio/checkov/issues/4776",
      "https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#alwayspullimages",
    ],
    peers: { "kube-score": ["container-image-pull-policy"], polaris: ["pullPolicyNotAlways"] },
  },
  function* look({ container: { name, image, imagePullPolicy } }) {
    const policy = imagePullPolicy ?? defaultImagePullPolicy(image);
    if (policy === "Always") return;
    yield {
      path: ["imagePullPolicy"],
      message: `container ${name} runs the image that its node has, and does not ask the registry again`,
      label: policy,
      next: ["pin the image by its digest", "imagePullPolicy: Always, where other tools demand it"],
    };
  },
);
