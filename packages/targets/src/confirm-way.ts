import { setTimeout as sleep } from "node:timers/promises";
import { answerText, isGood, type Answer } from "./ask/answer.ts";
import { ask, type Method, type Open } from "./ask/ask.ts";

export interface ConfirmOptions {
  readonly path: string;
  readonly hostHeader: string;
  readonly isCall?: boolean;
  /** The status that every answer has, where that is not 200-399. */
  readonly steady: number | undefined;
  readonly timeoutMs: number;
  /** How long every answer must have been good. */
  readonly steadyMs: number;
  readonly signal: AbortSignal;
}

const pauseMs = 50;
const timesAsked = 3;

/** Asks along the way that the load will take, until it has been answered as expected for a while. Gives the last bad answer, if that does not happen. */
export async function confirmWay(open: Open, options: ConfirmOptions): Promise<Answer | undefined> {
  const deadline = performance.now() + options.timeoutMs;
  let goodSince: number | undefined;
  for (;;) {
    options.signal.throwIfAborted();
    const answer = await ask(open, { method: "GET", ...options });
    const now = performance.now();
    if (!isExpected(answer, options)) goodSince = undefined;
    else if (now - (goodSince ??= now) >= options.steadyMs) return undefined;
    if (goodSince === undefined && now >= deadline) return answer;
    await sleep(pauseMs, undefined, { signal: options.signal });
  }
}

/** Which methods everybody takes for this path, with what a refused POST was answered. */
export async function methodsTaken(
  everybody: readonly Open[],
  options: ConfirmOptions,
): Promise<{ readonly methods: readonly Method[]; readonly refusal: string | undefined }> {
  const answers = await Promise.all(everybody.map((open) => askUntilAnswered(open, options)));
  const refused = answers.find((answer) => !isExpected(answer, options));
  return refused === undefined
    ? { methods: ["GET", "POST"], refusal: undefined }
    : { methods: ["GET"], refusal: answerText(refused) };
}

/** A connection that is refused says nothing about POST, so another one is tried. */
async function askUntilAnswered(open: Open, options: ConfirmOptions): Promise<Answer> {
  let answer = await ask(open, { method: "POST", ...options });
  for (let times = 1; times < timesAsked && answer.kind !== "status"; times += 1)
    answer = await ask(open, { method: "POST", ...options });
  return answer;
}

function isExpected(answer: Answer, { steady }: ConfirmOptions): boolean {
  return isGood(answer) || (answer.kind === "status" && answer.status === steady);
}
