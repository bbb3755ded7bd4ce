import type { Rule } from "../../rule.ts";
import { imageGone } from "./image-gone/image-gone.ts";
import { imageLatest } from "./image-latest/image-latest.ts";
import { imageNoDigest } from "./image-no-digest/image-no-digest.ts";
import { pullPolicyNever } from "./pull-policy-never/pull-policy-never.ts";
import { pullPolicyNotAlways } from "./pull-policy-not-always/pull-policy-not-always.ts";

/** Rules about which image runs. */
export const imagesRules: readonly Rule[] = [
  imageLatest,
  imageGone,
  imageNoDigest,
  pullPolicyNever,
  pullPolicyNotAlways,
];
