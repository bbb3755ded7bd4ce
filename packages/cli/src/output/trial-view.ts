import { countText } from "@seaworthy/load";
import type { TrialEvent, TrialListener } from "@seaworthy/trial";
import type { CommandContext } from "../command.ts";
import { paintFor } from "./paint.ts";
import { isLiveTerminal } from "./is-live-terminal.ts";
import { createLiveRegion } from "./live-region.ts";
import { marksFor } from "./marks.ts";
import { permanentLine } from "./permanent-line.ts";
import { drawTrial, newTrialState, updateTrialState } from "./trial-picture.ts";

/** Shows a trial while it runs. */
export interface TrialView {
  readonly onEvent: TrialListener;
  /** Takes the moving part away; what was permanent stays. */
  end(): void;
}

const heartbeatMs = 15_000;

/** A live region in a terminal, plain lines elsewhere. Both go to stderr: stdout is for data. */
export function createTrialView(context: CommandContext, verbose: boolean): TrialView {
  return isLiveTerminal(context) ? liveView(context, verbose) : plainView(context, verbose);
}

function liveView({ stderr, env, signal }: CommandContext, verbose: boolean): TrialView {
  const paint = paintFor(stderr);
  const marks = marksFor(env);
  const region = createLiveRegion(stderr);
  // What Ctrl-C makes others write stands above what is drawn next.
  signal.addEventListener("abort", () => region.clear(), { once: true });
  const state = newTrialState();
  const redraw = () =>
    region.draw(() =>
      drawTrial(state, {
        columns: stderr.columns ?? 80,
        rows: stderr.rows ?? 24,
        paint,
        marks,
        nowMs: performance.now(),
      }),
    );
  const ticker = setInterval(redraw, 200);
  ticker.unref();
  return {
    onEvent(event) {
      updateTrialState(state, event, performance.now());
      const line = permanentLine(event, paint, marks, verbose);
      if (line !== undefined) region.print(line);
      redraw();
    },
    end() {
      clearInterval(ticker);
      region.clear();
    },
  };
}

function plainView({ stderr, env }: CommandContext, verbose: boolean): TrialView {
  const paint = paintFor(stderr);
  const marks = marksFor(env);
  const isActions = env["GITHUB_ACTIONS"] === "true";
  const state = newTrialState();
  // Coding agents read the end; a heartbeat would only fill their context.
  const beats = env["AI_AGENT"] === undefined && env["AGENT"] === undefined;
  const heartbeat = setInterval(() => {
    if (beats && state.load !== undefined)
      stderr.write(
        `… ${countText(state.load.scheduled)} sent, ${countText(state.load.failed)} lost, round ${state.round} of ${state.rounds}\n`,
      );
  }, heartbeatMs);
  heartbeat.unref();
  return {
    onEvent(event: TrialEvent) {
      updateTrialState(state, event, performance.now());
      const line = permanentLine(event, paint, marks, verbose);
      // Workflow commands: what a scenario says on its way is folded away, its result is not.
      if (isActions && event.type === "scenario-start") stderr.write(`::group::${event.name}\n`);
      if (isActions && event.type === "scenario-end") stderr.write("::endgroup::\n");
      if (line !== undefined) stderr.write(`${line}\n`);
    },
    end() {
      clearInterval(heartbeat);
      if (isActions && state.scenario !== undefined) stderr.write("::endgroup::\n");
    },
  };
}
