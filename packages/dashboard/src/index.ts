export { badge } from "./texts/badge.ts";
export { compareRuns, comparisonMarkdown, comparisonText, type Comparison } from "./texts/compare-runs.ts";
export { junitReport } from "./texts/junit-report.ts";
export { reportPage } from "./report/report-page.ts";
export { readSavedRun, savedRun, type SavedRun } from "./report/saved-run.ts";
export { summaryMarkdown } from "./texts/summary-markdown.ts";
