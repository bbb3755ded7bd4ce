import { createHash } from "node:crypto";
import { countText, durationText, escapeHtml, folded, msText, percentText, table } from "@seaworthy/load";
import {
  isUnavoidable,
  lostOf,
  lostStreams,
  streamAdvice,
  streamsSentence,
  untoldFindings,
  whatWasDone,
  type Advice,
} from "@seaworthy/trial";
import { courseOf } from "./timeline/course.ts";
import { deathClock } from "./death-clock.ts";
import { fieldYaml } from "./field-yaml.ts";
import { lossesOf, type Loss } from "./losses.ts";
import { pageData } from "./page-data.ts";
import { pageScript } from "./page-script.ts";
import { pageStyle } from "./page-style.ts";
import type { SavedRun } from "./saved-run.ts";
import { scenarioMatrix } from "./scenario-matrix.ts";
import { section } from "./section.ts";
import { streamMoments, type StreamMoment } from "./stream-moments.ts";
import { streamTables } from "./stream-tables.ts";
import { definitions } from "./timeline/timeline-picture.ts";
import { timelineSection } from "./timeline/timeline-section.ts";
import { headings, lostSentence } from "./words.ts";

/**
 * A run as one page that needs nothing else: no font, no picture, no request, which its content security policy enforces. It opens
 * from a file, shows its pictures without the script, and holds what servers said as text only.
 */
export function reportPage(run: SavedRun): string {
  const losses = lossesOf(run);
  const moments = streamMoments(run);
  const course = courseOf(run, losses);
  const title = `${headings[run.verdict]}: ${lostSentence(run)}`;
  const policy = `default-src 'none'; style-src '${hashOf(pageStyle)}'; script-src '${hashOf(pageScript)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
</head>
<body>${definitions()}<main>
<header class="${run.verdict}"><button id="theme" type="button">Light / dark</button>
<p class="kind">Sea trial of ${escapeHtml(new Date(run.load.startedAt).toISOString().slice(0, 16).replace("T", " "))} UTC, ${durationText(run.load.endedAt - run.load.startedAt)}</p>
<h1>${headings[run.verdict]}</h1>
<p>${escapeHtml(run.why ?? lostSentence(run))}.</p>
</header>
${figures(run)}
${causes(run)}
${scenarios(run)}
${kinds(run)}
${streams(run, moments)}
${timelineSection(run, losses, moments, course)}
${clock(run, losses, moments)}
${lossTable(losses)}
${whatRan(run)}
<footer>Every request was sent once and counted once. This page holds no header, no body and no Secret, and asks nothing of any network.</footer>
</main>
<dialog id="request" aria-labelledby="request-title"><button id="close" type="button">Close</button><h2 id="request-title"></h2><p id="request-what"></p><p id="request-why"></p><div id="request-picture"></div><pre id="request-fix"></pre><div class="scroll"><table><caption>What happened around it</caption><thead><tr><th scope="col">at</th><th scope="col">from the loss</th><th scope="col">who</th><th scope="col">what</th></tr></thead><tbody id="request-table"></tbody></table></div></dialog>
<script type="application/json" id="data">${pageData(run, losses, moments, course)}</script>
<script>${pageScript}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function figures(run: SavedRun): string {
  const { requests, terminations, bound, latency, streams: held } = run;
  const entries = [
    ["requests lost", countText(lostOf(run)), `of ${countText(requests.scheduled)}, none sent twice`],
    ...(held === undefined
      ? []
      : [
          [
            "streams broken",
            countText(lostStreams(held)),
            `of ${countText(held.held)} that were held; ${countText(held.announced)} ended with an announcement${held.unavoidable === 0 ? "" : `, ${countText(held.unavoidable)} with what the trial ended`}`,
          ],
        ]),
    [
      terminations === 0 ? "what was done" : "pods ended",
      terminations === 0 ? whatWasDone(run) : countText(terminations),
      `p50 ${msText(latency.p50Ms)}, p99 ${msText(latency.p99Ms)} meanwhile`,
    ],
    bound === null
      ? ["lost per pod end", terminations === 0 ? "–" : (lostOf(run) / terminations).toFixed(1), "on average"]
      : [
          "pod ends that may lose one",
          `< ${percentText(bound.perTermination)}`,
          `what so many ends prove, with 95 % confidence${narrower(run)}`,
        ],
  ].map(([name = "", value = "", note = ""]) => ({ name, value, note }));
  return `<dl class="figures">${entries.map(({ name, value, note }) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}<small>${escapeHtml(note)}</small></dd></div>`).join("")}</dl>`;
}

/** How to get a stronger proof, where this one is weak. */
function narrower({ findings }: SavedRun): string {
  const also = findings.find(({ id }) => id === "proof-is-weak")?.advice.also;
  return also === undefined ? "" : `; ${also} proves more`;
}

function causes(run: SavedRun): string {
  const blocks = run.causes.map(({ cause, deployment, count, pods, classes, advice }) => {
    const what = Object.entries(classes)
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, times]) => `${countText(times)}× ${name}`);
    const where = [
      deployment === null ? "" : `Deployment ${deployment}`,
      pods === 0 ? "" : `${pods} pod${pods === 1 ? "" : "s"}`,
      ...what,
    ];
    return block(
      cause,
      isUnavoidable(cause)
        ? `<span class="spared">${countText(count)}, which count against nobody</span>`
        : `<span class="count">${countText(count)} lost</span>`,
      where.filter((each) => each !== "").join(" · "),
      advice,
    );
  });
  const findings = untoldFindings(run)
    // What a weak proof is worth stands among the figures.
    .filter(({ id }) => id !== "proof-is-weak")
    .map(({ id, deployment, text, advice }) =>
      block(id, "", `${deployment === null ? "" : `Deployment ${deployment} · `}${text}`, advice),
    );
  if (blocks.length + findings.length === 0) return "";
  return section("Why, and what to write", "", [...blocks, ...findings].join(""));
}

function block(title: string, count: string, where: string, { why, changes, also }: Advice): string {
  const fields = changes.map(
    ({ place, path, value }) =>
      `<pre>${place === undefined ? "" : `<span class="place"># ${escapeHtml(place)}</span>\n`}${escapeHtml(fieldYaml(path, value))}</pre>`,
  );
  const rest = also === undefined ? "" : `<p>${sentence(also)}</p>`;
  return `<div class="cause"><h3>${escapeHtml(title)} ${count}</h3><p class="place">${escapeHtml(where)}</p><p>${sentence(why)}.</p>${fields.join("")}${rest}</div>`;
}

/** Advice as a sentence; what it has between backticks is code. */
function sentence(text: string): string {
  const begun = text.replace(/^./, (letter) => letter.toUpperCase());
  return escapeHtml(begun).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}

function scenarios(run: SavedRun): string {
  const matrix = scenarioMatrix(run);
  return matrix === "" ? "" : section("Scenario by scenario", "", matrix, "scenarios");
}

function kinds({ byRequest = {}, unrepeatable = 0 }: SavedRun): string {
  const rows = Object.entries(byRequest).map(([name, { ok, failed, p50Ms, p99Ms, maxMs }]) => [
    name,
    countText(ok),
    countText(failed),
    msText(p50Ms),
    msText(p99Ms),
    msText(maxMs),
  ]);
  if (rows.length < 2) return "";
  const lost =
    unrepeatable === 0
      ? ""
      : `No retry could have saved ${countText(unrepeatable)} of the lost requests: their method is not idempotent, and nobody knows whether they were done.`;
  const title = "What was asked";
  return section(
    title,
    lost,
    table(title, ["request", "#ok", "#failed", "#p50", "#p99", "#max"], rows),
    "kinds",
  );
}

function streams({ streams: held, load }: SavedRun, moments: readonly StreamMoment[]): string {
  if (held === undefined) return "";
  const advice = streamAdvice.replace(/^./, (letter) => letter.toUpperCase());
  const text = `${streamsSentence(held)}.${lostStreams(held) === 0 ? "" : ` ${advice}.`}`;
  return section("Streams", text, streamTables(held, moments, load.startedAt), "streams");
}

function clock(run: SavedRun, losses: readonly Loss[], moments: readonly StreamMoment[]): string {
  const since = losses.flatMap(({ sinceDeletionMs }) => (sinceDeletionMs === null ? [] : [sinceDeletionMs]));
  const what = run.streams === undefined ? "requests" : "requests or streams";
  const finding =
    since.length === 0
      ? `${run.streams === undefined ? "No request was" : "No request and no stream was"} lost near the deletion of a pod.`
      : `${countText(since.length)} ${what} were lost near a pod's deletion, from ${durationWith(Math.min(...since))} to ${durationWith(Math.max(...since))} it.`;
  const picture = deathClock(run, losses, moments, finding);
  if (picture === "") return "";
  return section(
    "From each pod's deletion on",
    finding,
    `<div class="scroll" tabindex="0" role="region" aria-label="From each pod's deletion on">${picture}</div>`,
  );
}

function durationWith(ms: number): string {
  return `${msText(Math.abs(ms))} ${ms < 0 ? "before" : "after"}`;
}

const mostRows = 1_000;

function lossTable(all: readonly Loss[]): string {
  // Broken streams have a table of their own.
  const losses = all.filter(({ stream }) => stream === undefined);
  if (losses.length === 0) return "";
  const shown = losses.slice(0, mostRows);
  const rows = shown.map(({ atMs, what, how, pod, sinceDeletionMs, causeName }) => [
    `${(atMs / 1_000).toFixed(3)} s`,
    what,
    how,
    pod ?? "none",
    sinceDeletionMs === null ? "" : `${sinceDeletionMs.toFixed(0)} ms`,
    causeName,
  ]);
  const title =
    shown.length < losses.length
      ? `the first ${countText(mostRows)} of ${countText(losses.length)}`
      : "each of them";
  return section(
    "Lost requests",
    "",
    folded(title, table("Lost requests", ["at", "request", "how", "pod", "#after deletion", "cause"], rows)),
    "losses",
  );
}

function whatRan(run: SavedRun): string {
  const targets = run.targets.map(({ name, url, methods }) => `${name}: ${methods.join(", ")} ${url}`);
  const rows = [
    ...run.scenarios.map((scenario) => [
      `scenario ${scenario.name}`,
      `${scenario.verdict}: ${lostSentence({ ...scenario, scenarios: [scenario] })}, ${scenario.rounds} round${scenario.rounds === 1 ? "" : "s"}`,
    ]),
    ...run.scenarios.flatMap(({ name, notes = [] }) => notes.map((text) => [`seen in ${name}`, text])),
    ...targets.map((text) => ["asked", text]),
    [
      "cluster",
      run.cluster === "embedded" ? `embedded, data plane ${run.profile ?? "unknown"}` : "a real one",
    ],
    ["seed", String(run.seed)],
    [
      "generator",
      `send lag p99 ${msText(run.generator.lagP99Ms)}, ${run.generator.valid ? "in time" : "too late: the run proves nothing"}`,
    ],
    ...(run.standIns.length === 0
      ? []
      : [["stand-ins", `${run.standIns.join(", ")}: this tries the manifests, not these apps`]]),
    ...run.notices.map((text) => ["notice", text]),
  ];
  const again = run.again === undefined ? "" : `<p>Run it again:</p><pre>${escapeHtml(run.again)}</pre>`;
  return section("What was run", "", table("What was run", ["what", "how"], rows) + again);
}
