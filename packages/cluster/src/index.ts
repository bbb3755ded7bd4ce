export { Cluster, type ClusterOptions, type DialedService } from "./cluster.ts";
export type { ContainerJournal, SeenListener, SeenProcess } from "./node/container-journal.ts";
export type { RunEntry, StandInBehavior } from "./node/images.ts";
export { profiles, type Profile, type ProfileName } from "./network/profiles.ts";
