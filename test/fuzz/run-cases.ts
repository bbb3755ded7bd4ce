import { type FuzzConnection, openConnection } from "./fuzz-connection.ts";
import { canary, type FuzzCase } from "./fuzz-case.ts";
import { judgeAnswer } from "./judge-answer.ts";

interface NumberedCase {
  readonly index: number;
  readonly fuzzCase: FuzzCase;
}

/** A case that did not go as it should. */
export interface Failure extends NumberedCase {
  readonly problem: string;
}

/** So many requests are sent at once, where nothing ends the connection. */
const pipelined = 16;
/** Enough to see what is wrong. */
const mostFailures = 20;

/**
 * Sends the cases from `first` to below `end` over connections side by side, and judges what comes back. Cases whose
 * connection goes on share one, so that an answer too many or too few shows in all that follow.
 */
export async function runCases(
  port: number,
  first: number,
  end: number,
  caseAt: (index: number) => FuzzCase,
  connections = 24,
): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  let next = first;

  async function client(): Promise<void> {
    let connection: FuzzConnection | undefined;
    while (next < end && failures.length < mostFailures) {
      connection ??= await openConnection(port);
      const block: NumberedCase[] = [];
      let ending: NumberedCase | undefined;
      while (next < end && block.length < pipelined && ending === undefined) {
        const numbered = { index: next, fuzzCase: caseAt(next) };
        next += 1;
        if (numbered.fuzzCase.connection === "goes on") block.push(numbered);
        else ending = numbered;
      }
      const suspect = await runBlock(connection, block);
      if (suspect !== undefined) failures.push(suspect);
      else if (ending !== undefined) failures.push(...(await runEnding(connection, ending)));
      if (suspect === undefined && ending === undefined) continue;
      connection.destroy();
      connection = undefined;
    }
    connection?.destroy();
  }
  await Promise.all(Array.from({ length: connections }, client));
  return failures;
}

/** Gives the first that went wrong. */
async function runBlock(
  connection: FuzzConnection,
  block: readonly NumberedCase[],
): Promise<Failure | undefined> {
  const [first] = block;
  if (first === undefined) return undefined;
  connection.send(
    block.map(({ fuzzCase }) => fuzzCase.bytes).join(""),
    block.map(({ fuzzCase }) => fuzzCase.method ?? "GET"),
  );
  const [answers, error] = await settle(connection.answers(block.length));
  for (const [place, numbered] of block.entries()) {
    const answer = answers[place];
    const problem =
      answer === undefined ? (error ?? "the connection ended") : judgeAnswer(numbered.fuzzCase, answer);
    if (problem !== undefined) return { ...numbered, problem };
  }
  if (answers.length === block.length) return undefined;
  return { ...first, problem: `${answers.length} answers to ${block.length} requests from here on` };
}

async function runEnding(
  connection: FuzzConnection,
  { index, fuzzCase }: NumberedCase,
): Promise<readonly Failure[]> {
  const isCut = fuzzCase.connection === "cut";
  connection.send(isCut ? fuzzCase.bytes : fuzzCase.bytes + canary(index), [fuzzCase.method ?? "GET"]);
  if (isCut) connection.endSending();
  const [answers, error] = await settle(connection.untilEnd());
  const problems = answers
    .map((answer) => judgeAnswer(fuzzCase, answer))
    .filter((each) => each !== undefined);
  if (error !== undefined) problems.push(error);
  // What becomes of a mutant nobody knows.
  const isKnown = !isCut || fuzzCase.statuses !== undefined;
  if (isKnown && answers.length !== 1 && error === undefined) problems.push(`${answers.length} answers`);
  return problems.map((problem) => ({ index, fuzzCase, problem }));
}

async function settle<T>(
  promise: Promise<readonly T[]>,
): Promise<readonly [values: readonly T[], error: string | undefined]> {
  try {
    return [await promise, undefined];
  } catch (error) {
    return [[], (error as Error).message];
  }
}
