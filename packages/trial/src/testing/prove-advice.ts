import { parseFieldPath, parseManifests, type KubeObject, type Manifest } from "@seaworthy/kube";
import type { Advice } from "../causes/advice.ts";
import { formatChange, type FieldChange } from "../causes/field-change.ts";
import { isUnavoidable } from "../causes/unavoidable.ts";
import { runTrial, type TrialRun } from "../run-trial.ts";
import { adviceManifest, type AdviceCase } from "./advice-cases.ts";

/** What a proof gives: the trial before and the one after, and the advice between them. */
export interface AdviceProof {
  readonly before: TrialRun;
  readonly advice: Advice;
  readonly after: TrialRun;
  /** What contradicts the advice; empty when it is proven. */
  readonly problems: readonly string[];
}

/** Tries a case as it is. */
export async function tryCase(each: AdviceCase, seed: number): Promise<TrialRun> {
  return await tryOnce(each, parseManifests("web.yaml", adviceManifest(each)), each.run, seed);
}

/** Tries a case, applies the advice for its cause, and tries again: nothing may be lost then, and nothing found that loses. */
export async function proveAdvice(each: AdviceCase, seed = 1): Promise<AdviceProof> {
  const manifests = parseManifests("web.yaml", adviceManifest(each));
  const before = await tryOnce(each, manifests, each.run, seed);
  const { causes, findings } = before.verdict;
  const advice =
    causes.find(({ cause }) => cause === each.cause)?.advice ??
    findings.find(({ id }) => id === each.cause)?.advice;
  if (advice === undefined || advice === null) {
    const found = [...causes.map(({ cause, count }) => `${count} ${cause}`), ...findings.map(({ id }) => id)];
    throw new Error(`${each.name}: ${each.cause} was not found, but ${found.join(", ") || "nothing"}`);
  }
  const mended = manifests.map((manifest) =>
    manifest.object.kind === "Deployment"
      ? { ...manifest, object: applyChanges(manifest.object, advice.changes) }
      : manifest,
  );
  const after = await tryOnce(each, mended, { ...each.run, ...each.mended }, seed);
  const problems = [
    ...(each.mended === undefined && advice.changes.length === 0 ? ["the advice changes no field"] : []),
    ...(each.mended !== undefined && advice.also === undefined
      ? ["the advice says nothing of the code"]
      : []),
    ...after.verdict.causes
      .filter(({ cause }) => !isUnavoidable(cause))
      .map(({ cause, count }) => `${count} lost by ${cause}`),
    ...after.verdict.findings.filter(({ denies }) => denies).map(({ id, text }) => `${id}: ${text}`),
    // A generator that lagged on a busy machine still tells what was lost; a rollout that got stuck tells nothing.
    ...(after.problem === undefined ? [] : [`stuck: ${after.problem.message}`]),
    ...(after.verdict.requests.ok < fewestAnswers ? [`only ${after.verdict.requests.ok} good answers`] : []),
  ];
  return { before, advice, after, problems: problems.map((problem) => `${problem} (${written(advice)})`) };
}

const fewestAnswers = 100;

function written({ changes, also }: Advice): string {
  return [...changes.map(formatChange), also].filter((part) => part !== undefined).join("; ");
}

async function tryOnce(
  { scenario = "rollout" }: AdviceCase,
  manifests: readonly Manifest[],
  run: Readonly<Record<string, string>>,
  seed: number,
): Promise<TrialRun> {
  await using started = new AsyncDisposableStack();
  return await runTrial({
    manifests,
    notices: [],
    leftOut: [],
    takeOver: (cluster) => void started.use(cluster),
    cluster: { kind: "embedded", options: { run, seed, profile: "envoy" } },
    path: "/",
    ratePerSecond: 50,
    scenarios: [scenario],
    rounds: 1,
    seed,
    timeoutMs: 30_000,
    sourceAddresses: [],
    keep: false,
    signal: AbortSignal.timeout(300_000),
    onEvent: () => {},
  });
}

/** Writes each field of some changes into a copy of an object. */
export function applyChanges(object: KubeObject, changes: readonly FieldChange[]): KubeObject {
  const copy = structuredClone(object);
  for (const { path, value } of changes) {
    const parts = parseFieldPath(path);
    let holder = copy as unknown as Record<string | number, unknown>;
    for (const part of parts.slice(0, -1)) holder = (holder[part] ??= {}) as Record<string | number, unknown>;
    holder[parts.at(-1) ?? ""] = value;
  }
  return copy;
}
