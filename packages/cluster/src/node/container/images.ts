import { basename } from "node:path";
import { SeaworthyError } from "@seaworthy/errors";
import { imageReference } from "@seaworthy/kube";
import { splitCommandLine } from "./split-command-line.ts";
import { parseStopSignal } from "./stop-signal.ts";

/** How a stand-in begins and ends. */
export interface StandInBehavior {
  /**
   * What it does on SIGTERM: ends at once, does nothing, or serves on for `drainMs` with `Connection: close` and
   * then finishes its requests and ends.
   */
  readonly onTerm: "exit" | "ignore" | "drain";
  readonly drainMs: number;
  /** From the start of its process until it listens. */
  readonly startMs: number;
}

/** How an image is run. */
export interface ResolvedImage {
  readonly entrypoint: readonly string[];
  readonly workingDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Its USER: a name or a number, and a group after a colon. */
  readonly user?: string;
  /** The image's own stop signal; SIGTERM when absent. */
  readonly stopSignal?: NodeJS.Signals | number;
  /** Nothing is known of this image: our own server stands in for it. */
  readonly standIn: boolean;
}

/** Why an image cannot be had, in the kubelet's words. */
export interface ImageError {
  readonly reason: "InvalidImageName" | "ErrImagePull";
  readonly message: string;
}

/** How an image is run on this machine: its entrypoint as a command line, alone or with what else is known of the image. */
export type RunEntry =
  | string
  | {
      readonly command: string;
      /** The image's own stop signal. Default SIGTERM. */
      readonly stopSignal?: string;
      /** The folder that the command starts in. Default: that of all images. */
      readonly cwd?: string;
      /** The image's USER. Default: root, as of an image without one. */
      readonly user?: string;
      /** The image's ENV. */
      readonly env?: Readonly<Record<string, string>>;
    };

/**
 * The image of an app that is ready and answers 500 at the paths of its variable `BROKEN_PATHS`, which commas separate: a stand-in
 * for trying bad releases.
 */
export const answersBadlyImage = "seaworthy.dev/answers-badly";

/** Says how each image is run. */
export interface ImageSource {
  resolve(image: string): ResolvedImage | { readonly error: ImageError };
  /** The images that have been resolved to stand-ins so far. */
  readonly standIns: readonly string[];
  readonly standIn: StandInBehavior;
  /** Whether Node runs it: as a stand-in, or because its command begins with `node`. */
  isForNode(image: string): boolean;
}

/**
 * Makes an image source from a table of image → command line. A key is an image exactly, or one without
 * tag and digest. An image of a registry below `.invalid` (RFC 2606) cannot be pulled, for trying bad releases.
 */
export function createImages(options: {
  readonly run: Readonly<Record<string, RunEntry>>;
  readonly standIn: StandInBehavior;
  readonly cwd: string;
}): ImageSource {
  const known = new Map(
    Object.entries(options.run).map(([image, entry]) => [image, parseEntry(image, entry)]),
  );
  const standIns = new Set<string>();
  const find = (image: string) => known.get(image) ?? known.get(imageReference(image).name);
  return {
    standIn: options.standIn,
    get standIns() {
      return [...standIns];
    },
    isForNode(image) {
      const [program] = find(image)?.entrypoint ?? ["node"];
      return program !== undefined && basename(program) === "node";
    },
    resolve(image) {
      const entry = find(image);
      if (entry !== undefined) return { workingDir: options.cwd, ...entry, standIn: false };
      const error = imageError(image);
      if (error !== undefined) return { error };
      // It stands in for no app of the user's.
      if (image !== answersBadlyImage) standIns.add(image);
      return { entrypoint: [], standIn: true };
    },
  };
}

function parseEntry(
  image: string,
  entry: RunEntry,
): Pick<ResolvedImage, "entrypoint" | "stopSignal" | "workingDir" | "user" | "env"> {
  if (typeof entry === "string") return { entrypoint: parseEntrypoint(image, entry) };
  const known = {
    entrypoint: parseEntrypoint(image, entry.command),
    ...(entry.cwd === undefined ? {} : { workingDir: entry.cwd }),
    ...(entry.user === undefined ? {} : { user: entry.user }),
    ...(entry.env === undefined ? {} : { env: entry.env }),
  };
  if (entry.stopSignal === undefined) return known;
  const stopSignal = parseStopSignal(entry.stopSignal);
  if (stopSignal !== undefined) return { ...known, stopSignal };
  throw new SeaworthyError("SW2004", `${entry.stopSignal} is no signal`, {
    field: `run.${image}.stopSignal`,
    next: ["write the signal as the image's STOPSIGNAL does, for example SIGQUIT"],
  });
}

function parseEntrypoint(image: string, line: string): string[] {
  const words = splitCommandLine(line);
  if (words.length === 0)
    throw new SeaworthyError("SW2004", `the command for image ${image} is empty`, {
      next: [`give a command, for example --run ${image}="node server.js"`],
    });
  return words;
}

function imageError(image: string): ImageError | undefined {
  // https://github.com/distribution/reference: upper case is allowed in the host, the tag and nowhere else.
  const path = imageReference(image).name;
  if (!/^([\w.-]+(:\d+)?\/)?[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/.test(path))
    return {
      reason: "InvalidImageName",
      message: `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`,
    };
  const [host = ""] = path.split("/");
  if (host.replace(/:\d+$/, "").endsWith(".invalid"))
    return {
      reason: "ErrImagePull",
      message: `failed to pull and unpack image "${image}": failed to resolve reference "${image}": dial tcp: lookup ${host}: no such host`,
    };
  return undefined;
}
