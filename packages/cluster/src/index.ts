export { Cluster, type ClusterOptions, type DialedService } from "./cluster.ts";
export type { ContainerUsage } from "./kubelet.ts";
export type { ContainerJournal, SeenListener, SeenProcess } from "./node/container/container-journal.ts";
export type { EdgeRestart } from "./network/edge/restartable-edge.ts";
export type { SeenEndpoint } from "./network/endpoints/tell-of-view.ts";
export { answersBadlyImage, type RunEntry, type StandInBehavior } from "./node/container/images.ts";
export { profiles, type Profile, type ProfileName } from "./profiles.ts";
