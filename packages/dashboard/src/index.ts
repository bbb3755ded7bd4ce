export { badge } from "./report/badge.ts";
export { compareRuns, comparisonMarkdown, comparisonText, type Comparison } from "./report/compare-runs.ts";
export { junitReport } from "./report/junit-report.ts";
export { reportPage } from "./report/report-page.ts";
export { readSavedRun, savedRun, type SavedRun } from "./report/saved-run.ts";
export { summaryMarkdown } from "./report/summary-markdown.ts";
