import type { Item } from "./item.ts";
import { admissionItems } from "./items/admission.ts";
import { applyItems } from "./items/apply.ts";
import { autoscalingItems } from "./items/autoscaling.ts";
import { columnItems } from "./items/columns.ts";
import { customKindItems } from "./items/custom-kinds.ts";
import { deletionItems } from "./items/deletion.ts";
import { discoveryItems } from "./items/discovery.ts";
import { jobItems } from "./items/jobs.ts";
import { listAndWatchItems } from "./items/lists-and-watches.ts";
import { patchItems } from "./items/patches.ts";
import { podOwnerItems } from "./items/pod-owners.ts";
import { programItems } from "./items/programs.ts";
import { volumeItems } from "./items/volumes.ts";
import { rolloutItems } from "./items/rollouts.ts";
import { writeItems } from "./items/writes.ts";

/** Every item, in the order of their numbers. */
export const items: readonly Item[] = [
  ...discoveryItems,
  ...writeItems,
  ...listAndWatchItems,
  ...deletionItems,
  ...patchItems,
  ...applyItems,
  ...admissionItems,
  ...programItems,
  ...columnItems,
  ...customKindItems,
  ...volumeItems,
  ...rolloutItems,
  ...podOwnerItems,
  ...jobItems,
  ...autoscalingItems,
].toSorted((a, b) => a.number - b.number);
