export type { AnswerHead } from "./http/answer-head.ts";
export { grpcCode, grpcStatusOf, isGrpcAnswer, statusName } from "./http/grpc-status.ts";
export { BodyReader } from "./http/body-reader.ts";
export { HeadCache } from "./http/head-cache.ts";
export { inChunks } from "./http/http1-head.ts";
export { isToken } from "./http/is-token.ts";
export { ResponseParser } from "./http/response-parser.ts";
export { findKnee, type Knee, type KneeSearch, type TriedRate } from "./knee/find-knee.ts";
export type { Objective, RateWindow } from "./knee/judge-window.ts";
export type { Answers } from "./measure/answer-log.ts";
export { epochMs } from "./measure/epoch-ms.ts";
export { Histogram, type Bucket, type HistogramData } from "./measure/histogram.ts";
export { isSafeToRepeat } from "./measure/is-safe-to-repeat.ts";
export type { LoadProgress } from "./measure/load-progress.ts";
export type { Interval, LatencySummary, LoadReport, Split } from "./measure/load-report.ts";
export { failureClasses, type FailureClass, type Outcome, type OutcomeClass } from "./measure/outcome.ts";
export { failuresCsv } from "./output/failures-csv.ts";
export { brokenStreams, streamLine } from "./output/stream-rows.ts";
export type { StreamEnd, StreamReport, UnendedStream } from "./measure/stream-end.ts";
export { openStream } from "./streams/open-stream.ts";
export { http2Fields, http2Head } from "./transport/http2-head.ts";
export { fortioJson } from "./output/fortio-json.ts";
export { escapeHtml } from "./output/html/escape.ts";
export { linearScale, logScale, timeScale, type Scale } from "./output/html/scale.ts";
export { folded, table } from "./output/html/table.ts";
export { htmlPage } from "./output/html-page.ts";
export { loadReportAsData } from "./output/load-report-json.ts";
export { countText, durationText, msText, percentText, rateText, roundMsText } from "./output/number-text.ts";
export { formatSummary, type Paint } from "./output/summary-text.ts";
export { createPlan, targetOf, type PlanOptions } from "./plan/create-plan.ts";
export { grpcCall, grpcMethodPattern, grpcStream } from "./plan/grpc-call.ts";
export { isOwnHeader } from "./plan/is-own-header.ts";
export { isPublicAddress } from "./plan/is-public-address.ts";
export { highestRate } from "./plan/highest-rate.ts";
export type {
  ClientKind,
  Dns,
  Expectation,
  LoadPlan,
  Pace,
  RequestTemplate,
  Stage,
  StreamKind,
  StreamTemplate,
  Target,
  TlsSettings,
  Via,
} from "./plan/plan.ts";
export { steadyPace } from "./plan/steady-pace.ts";
export { validatePlan } from "./plan/validate-plan.ts";
export type { Dial, Dialed, LoadRun } from "./process/load-run.ts";
export { secureSettings } from "./transport/open-socket.ts";
export { startLoad, type StartLoadOptions } from "./process/start-load.ts";
