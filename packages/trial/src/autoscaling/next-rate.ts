/** What a rate on top of the usual one did: how much of the CPU target pods used, 1 being the target. */
export interface TriedExtra {
  readonly extraPerSecond: number;
  readonly share: number;
}

/** How far the ramp goes. */
export interface RampGoal {
  /** The share of the target that pods are to use at the top. */
  readonly share: number;
  /** Steps, and requests per second on top of the usual ones: with more, another machine is asked for. */
  readonly mostSteps: number;
  readonly mostPerSecond: number;
  /** Of the first step. */
  readonly firstPerSecond: number;
}

/**
 * The share to which a ramp brings pods: about twice their target, so that as many pods come and end as there were, and not above
 * what the most pods that the autoscaler may make can carry.
 */
export function goalShare(pods: number, maxReplicas: number): number {
  return Math.max(leastShare, Math.min(usualShare, (maxReplicas / pods) * 0.9));
}

const usualShare = 2;
const leastShare = 1.3;
/** CPU is not quite proportional to the rate, and the next look may see a little less. */
const enough = 0.85;

/** Whether pods are busy enough for the goal. */
export function isBusyEnough(share: number, goal: RampGoal): boolean {
  return share >= goal.share * enough;
}

/**
 * The next rate of a ramp, from what the rates before it did, the first being 0: as far as the last two say that it takes, at least
 * a third more and at most four times as much. Undefined at a limit.
 */
export function nextRate(tried: readonly TriedExtra[], goal: RampGoal): number | undefined {
  const last = tried.at(-1);
  if (last === undefined || tried.length > goal.mostSteps) return undefined;
  if (last.extraPerSecond >= goal.mostPerSecond) return undefined;
  if (last.extraPerSecond === 0) return Math.min(goal.firstPerSecond, goal.mostPerSecond);
  const before = tried.at(-2) ?? { extraPerSecond: 0, share: 0 };
  const slope = (last.share - before.share) / (last.extraPerSecond - before.extraPerSecond);
  const wanted = slope > 0 ? last.extraPerSecond + (goal.share - last.share) / slope : Infinity;
  const within = Math.min(Math.max(wanted, last.extraPerSecond * 1.33), last.extraPerSecond * 4);
  return Math.min(Math.round(within), goal.mostPerSecond);
}
