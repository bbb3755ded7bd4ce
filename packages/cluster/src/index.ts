export { Cluster, type ClusterOptions, type DialedService } from "./cluster.ts";
export type { StandInBehavior } from "./node/images.ts";
export { profiles, type Profile, type ProfileName } from "./network/profiles.ts";
