import type { Container } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import type { NodePace } from "../../node-pace.ts";
import type { Limits } from "../limits/create-limits.ts";
import type { ContainerSpec, PodSandbox } from "../runtime/pod-runtime.ts";
import type { ContainerJournal, OpenJournal } from "./container-journal.ts";
import type { ImageError } from "./images.ts";

/** Everything of one start of a container: what to run, or why it cannot. */
export interface Preparation {
  readonly spec: ContainerSpec;
  /** Where it may write why it ends; undefined when it wants none. */
  readonly terminationLog: string | undefined;
  readonly standIn: boolean;
  readonly stopSignal: NodeJS.Signals | number;
  /** What is other than in a cluster, for its event. */
  readonly notice?: string | undefined;
}

/** Where the files of one start of a container are. */
export interface ContainerFiles {
  readonly logFile: string;
  readonly terminationLog: string;
}

/** What a container needs of its pod. */
export interface ContainerContext {
  readonly clock: Clock;
  /** See NodeContext. */
  readonly clusterClock: Clock;
  readonly uid: string;
  readonly logDir: string;
  /** Where containers have the files that their termination messages are written to. */
  readonly terminationDir: string;
  readonly sandbox: PodSandbox;
  readonly limits: Limits;
  readonly restart: "Always" | "OnFailure" | "Never";
  readonly pace: () => NodePace;
  /** How long the runtime takes from now until a command that is run in the container begins. */
  execDelayMs(): number;
  /** `pod(namespace/name)` for messages, in the kubelet's format. */
  readonly podName: string;
  terminationGraceMs(): number;
  /** Resolves image, environment and mounts anew; rejects with ContainerConfigError or an image error. */
  prepare(container: Container, files: ContainerFiles): Promise<Preparation>;
  event(type: "Normal" | "Warning", reason: string, message: string, container: string): void;
  /** Begins the journal of one start. */
  journal(start: Omit<ContainerJournal, "namespace" | "pod" | "podUid">): OpenJournal;
  changed(): void;
}

/** An image cannot be had. */
export class ImagePullError extends Error {
  override readonly name = "ImagePullError";
  readonly reason: ImageError["reason"];
  constructor(error: ImageError) {
    super(error.message);
    this.reason = error.reason;
  }
}
