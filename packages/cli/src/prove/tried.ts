import { lostOf, type Cause, type TrialRun, type Verdict } from "@seaworthy/trial";

/** Requests that were lost in some pod ends. */
export interface Losses {
  readonly lost: number;
  readonly podEnds: number;
}

/** What a trial says of its manifests, as far as a proof needs it. */
export interface Tried extends Losses {
  readonly requests: number;
  /** By the names of Deployments. Requests that no Deployment is known of are in none of them. */
  readonly deployments: ReadonlyMap<string, Losses>;
  readonly causes: readonly {
    readonly cause: Cause;
    readonly deployment: string | null;
    readonly count: number;
  }[];
  /** How pods end by which requests get lost, though none may have been this time. */
  readonly badEnds: readonly string[];
  /** Why it proves nothing, when it does not. */
  readonly doubt: string | undefined;
  readonly standIns: readonly string[];
}

/** Reads a trial for a proof. */
export function readTrial({ verdict, timeline }: Pick<TrialRun, "verdict" | "timeline">): Tried {
  const { causes, findings, requests, terminations, standIns } = verdict;
  const ended = timeline.pods.filter(({ deletionSeenAt }) => deletionSeenAt !== undefined);
  const names = new Set([...ended, ...causes].flatMap(({ deployment }) => deployment ?? []));
  const lossesOf = (name: string): Losses => ({
    lost: causes.filter(({ deployment }) => deployment === name).reduce((sum, each) => sum + each.count, 0),
    podEnds: ended.filter(({ deployment }) => deployment === name).length,
  });
  return {
    requests: requests.scheduled,
    lost: lostOf(verdict),
    podEnds: terminations,
    deployments: new Map([...names].map((name) => [name, lossesOf(name)])),
    causes: causes.map(({ cause, deployment, count }) => ({ cause, deployment, count })),
    badEnds: findings.filter(({ denies }) => denies).map(({ text }) => text),
    doubt: doubtOf(verdict),
    standIns,
  };
}

function doubtOf({ verdict, why = "the run proves nothing", generator }: Verdict): string | undefined {
  if (verdict !== "invalid") return undefined;
  return generator.valid ? why : `${why}; run it again when the machine is idle`;
}
