export { epochMs } from "./epoch-ms.ts";
export type { Dial, LoadProgress, LoadReport, LoadRun } from "./load-run.ts";
export type { Outcome, OutcomeClass } from "./outcome.ts";
export type { ClientKind, LoadPlan, Target } from "./plan.ts";
export { ResponseParser, type ParserLimits } from "./response-parser.ts";
export { schedule, type Schedule, type Slot } from "./schedule.ts";
export { startLoad, type ForkedLoadRun, type StartLoadOptions } from "./start-load.ts";
export { validatePlan } from "./validate-plan.ts";
