import type { Knee } from "@seaworthy/load";
import type { SizeRequest } from "./size-service.ts";
import type { SizeResult, SizeWindow } from "./size-result.ts";

/** What doubts follow from. */
export interface SizeEvidence extends Pick<SizeRequest, "machine" | "rate"> {
  readonly knee: Pick<Knee, "rate" | "limit">;
  readonly windows: readonly SizeWindow[];
  readonly several: SizeResult["several"];
  readonly standIns: readonly string[];
  /** How many of the machine's cores only pods had; undefined where all were shared. */
  readonly podProcessors: number | undefined;
}

/** An app of one thread that is at its end takes about a core, and one of several more. */
const busyCores = 0.8;

/** Says what a run on this machine cannot know. */
export function unknownThings({
  knee,
  windows,
  several,
  machine,
  standIns,
  podProcessors,
  rate,
}: SizeEvidence): string[] {
  const { cores, model } = machine;
  const tried = Math.max(1, ...several.map(({ pods }) => pods));
  const served = windows.filter((each) => each.served && each.pods === 1);
  const atKnee = served.find(({ ratePerSecond }) => ratePerSecond === knee.rate);
  const isThrottled = windows.some(({ throttledShare }) => (throttledShare ?? 0) > 0.001);
  return [
    ...(knee.limit === "generator"
      ? ["the knee: this machine could not offer more, so that the pod serves at least so much"]
      : []),
    ...(knee.limit === "most"
      ? ["the knee: --most ended the search, and the pod serves at least so much"]
      : []),
    ...(knee.limit === "service" && busiest(windows) < busyCores
      ? [
          `what the pod does with a whole core: it never used more than ${busiest(windows).toFixed(2)}, so that something else held it up, such as other work on this machine or what it waits for`,
        ]
      : []),
    `what a core is elsewhere: this is ${cores === 1 ? "one core" : `${cores} cores`} of ${model}${podProcessors === undefined ? "" : `, of which pods had ${podProcessors} for themselves`}`,
    ...(podProcessors === undefined && cores <= tried + 1
      ? [
          "the service shared its cores with the load generator and the cluster, so that its knee may lie higher where it has them alone",
        ]
      : []),
    ...(tried < 4
      ? [
          `whether ${tried === 1 ? 2 : 4} pods serve ${tried === 1 ? "twice" : "four times"} as much: ${tried === 1 ? "two" : "four"} pods and who asks them need more cores than there are`,
        ]
      : []),
    ...(atKnee?.throttledShare === null ? ["how a CPU limit would act: none was in force"] : []),
    ...(isThrottled
      ? [
          "what the app can do without its CPU limit: its processes stood still for it, and the knee is the limit's",
        ]
      : []),
    "what memory grows to in days: a run of minutes saw its peak only",
    ...(standIns.length === 0
      ? []
      : [`what the real ${standIns.join(", ")} answer, and how fast: stand-ins ran for them`]),
    "other requests than those that were sent, and other shares of them",
    ...(rate === undefined
      ? [
          "the rate that is wanted: without --rate this is what the manifest's own replicas serve, one of them lost",
        ]
      : []),
  ];
}

function busiest(windows: readonly SizeWindow[]): number {
  return Math.max(0, ...windows.map(({ cores }) => cores));
}
