import { ImagePullError } from "./container-context.ts";
import { ContainerConfigError } from "./environment.ts";

/** Why a container cannot be made yet: what its status says, and what its event says. */
export interface PreparationFailure {
  readonly isPull: boolean;
  readonly reason: string;
  readonly message: string;
  readonly text: string;
}

/** Puts the error of a preparation in the kubelet's words; `pulls` is how often the image was asked for before. */
export function preparationFailure(error: unknown, pulls: number): PreparationFailure {
  const { message } = error as Error;
  if (error instanceof ImagePullError) {
    const isRepeated = pulls > 0 && error.reason === "ErrImagePull";
    return { isPull: true, reason: isRepeated ? "ImagePullBackOff" : error.reason, message, text: message };
  }
  if (!(error instanceof ContainerConfigError))
    return { isPull: false, reason: "CreateContainerError", message, text: `Error: ${message}` };
  const next = error.next === undefined ? "" : `; ${error.next}`;
  return { isPull: false, reason: "CreateContainerConfigError", message, text: `Error: ${message}${next}` };
}
