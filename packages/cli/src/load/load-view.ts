import type { LoadPlan, LoadProgress } from "@seaworthy/load";
import type { CommandContext } from "../command.ts";
import { paintFor } from "../output/paint.ts";
import { isLiveTerminal } from "../output/is-live-terminal.ts";
import { createLiveRegion } from "../output/live-region.ts";
import { drawLoad, loadLine, newLoadState, updateLoadState } from "./load-picture.ts";
import { marksFor } from "../output/marks.ts";

/** Shows a load run while it goes on. */
export interface LoadView {
  onProgress(progress: LoadProgress): void;
  /** Takes the moving part away. */
  end(): void;
}

const lineEveryMs = 10_000;

/** A live region in a terminal, a line now and then elsewhere. Both go to stderr: stdout is for the result. */
export function createLoadView(plan: LoadPlan, context: CommandContext): LoadView {
  return isLiveTerminal(context) ? liveView(plan, context) : plainView(plan, context);
}

function liveView(plan: LoadPlan, { stderr, env, signal }: CommandContext): LoadView {
  const paint = paintFor(stderr);
  const marks = marksFor(env);
  const region = createLiveRegion(stderr);
  // What Ctrl-C makes others write stands above what is drawn next.
  signal.addEventListener("abort", () => region.clear(), { once: true });
  const state = newLoadState(plan);
  const redraw = () => region.draw(() => drawLoad(state, { columns: stderr.columns ?? 80, paint, marks }));
  redraw();
  return {
    onProgress(progress) {
      updateLoadState(state, progress);
      redraw();
    },
    end: () => region.clear(),
  };
}

function plainView(plan: LoadPlan, { stderr, env }: CommandContext): LoadView {
  const state = newLoadState(plan);
  // Coding agents read the end; more would only fill their context.
  const isQuiet = env["AI_AGENT"] !== undefined || env["AGENT"] !== undefined;
  const timer = setInterval(() => {
    if (!isQuiet) stderr.write(`${loadLine(state)}\n`);
  }, lineEveryMs);
  timer.unref();
  return {
    onProgress: (progress) => updateLoadState(state, progress),
    end: () => clearInterval(timer),
  };
}
