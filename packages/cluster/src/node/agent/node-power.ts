import type { Node } from "@seaworthy/kube";

/** The annotation by which somebody pulls a virtual node's plug, and puts it in again by taking it away. */
const powerAnnotation = "seaworthy.dev/power";

/** Whether a node is switched off. One that is not there is not. */
export function isSwitchedOff(node: Node | undefined): boolean {
  return node?.metadata.annotations?.[powerAnnotation] === "off";
}
