import { createHash } from "node:crypto";
import { countText, durationText, escapeHtml, folded, msText, percentText, table } from "@seaworthy/load";
import {
  lostOf,
  lostStreams,
  streamAdvice,
  streamsSentence,
  untoldFindings,
  whatWasDone,
  type Advice,
} from "@seaworthy/trial";
import { courseOf, type Course } from "./course.ts";
import { deathClock } from "./death-clock.ts";
import { viewKinds } from "./endpoint-views.ts";
import { fieldYaml } from "./field-yaml.ts";
import { lossesOf, shapes, type Loss } from "./losses.ts";
import { pageData } from "./page-data.ts";
import { pageScript } from "./page-script.ts";
import { pageStyle } from "./page-style.ts";
import { podMoments } from "./pod-moments.ts";
import type { SavedRun } from "./saved-run.ts";
import { scenarioMatrix } from "./scenario-matrix.ts";
import { streamTables } from "./stream-tables.ts";
import { definitions, timelinePicture } from "./timeline-picture.ts";
import { headings, lostSentence } from "./words.ts";

/**
 * A run as one page that needs nothing else: no font, no picture, no request, which its content security policy enforces. It opens
 * from a file, shows its pictures without the script, and holds what servers said as text only.
 */
export function reportPage(run: SavedRun): string {
  const losses = lossesOf(run);
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
${streams(run)}
${timeline(run, losses, course)}
${clock(run, losses)}
${lossTable(losses)}
${whatRan(run)}
<footer>Every request was sent once and counted once. This page holds no header, no body and no Secret, and asks nothing of any network.</footer>
</main>
<dialog id="request" aria-labelledby="request-title"><button id="close" type="button">Close</button><h2 id="request-title">One request</h2><p id="request-what"></p><p id="request-why"></p><div id="request-picture"></div><pre id="request-fix"></pre><div class="scroll"><table><caption>What happened around it</caption><thead><tr><th scope="col">at</th><th scope="col">from the loss</th><th scope="col">who</th><th scope="col">what</th></tr></thead><tbody id="request-table"></tbody></table></div></dialog>
<script type="application/json" id="data">${pageData(run, losses, course)}</script>
<script>${pageScript}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function section(title: string, text: string, content: string, id = ""): string {
  return `<section${id === "" ? "" : ` id="${id}"`}><h2>${escapeHtml(title)}</h2>${text === "" ? "" : `<p>${escapeHtml(text)}</p>`}${content}</section>`;
}

function figures(run: SavedRun): string {
  const { requests, terminations, bound, latency } = run;
  const entries = [
    ["requests lost", countText(lostOf(run)), `of ${countText(requests.scheduled)}, none sent twice`],
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
  ] as const;
  return `<dl class="figures">${entries.map(([name, value, note]) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}<small>${escapeHtml(note)}</small></dd></div>`).join("")}</dl>`;
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
      `<span class="count">${countText(count)} lost</span>`,
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
  const rest =
    also === undefined ? "" : `<p>${escapeHtml(also.replace(/^./, (letter) => letter.toUpperCase()))}</p>`;
  return `<div class="cause"><h3>${escapeHtml(title)} ${count}</h3><p class="place">${escapeHtml(where)}</p><p>${escapeHtml(why.replace(/^./, (letter) => letter.toUpperCase()))}.</p>${fields.join("")}${rest}</div>`;
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

function streams({ streams: held }: SavedRun): string {
  if (held === undefined) return "";
  const advice = streamAdvice.replace(/^./, (letter) => letter.toUpperCase());
  const text = `${streamsSentence(held)}.${lostStreams(held) === 0 ? "" : ` ${advice}.`}`;
  return section("Streams", text, streamTables(held), "streams");
}

function timeline(run: SavedRun, losses: readonly Loss[], course: Course | undefined): string {
  const finding = `${run.timeline.pods.length} pods over ${durationText(run.load.endedAt - run.load.startedAt)}. ${lostSentence(run)}. ${losses.length === 0 ? "" : `The first was lost after ${durationText(losses[0]!.atMs)}, the last after ${durationText(losses.at(-1)!.atMs)}.`}`;
  const picture = `<div class="scroll">${timelinePicture(run, losses, course, escapeHtml(finding))}</div>`;
  const keys = `<p class="keys legend">${losses.length === 0 ? "" : "<span><kbd>[</kbd> <kbd>]</kbd> previous and next loss</span>"}<span>in the picture <kbd>←</kbd> <kbd>→</kbd> move in time${losses.length === 0 ? "" : ", <kbd>Enter</kbd> shows the request, <kbd>Esc</kbd> goes back"}</span></p>`;
  return section(
    "What happened, and when",
    course === undefined
      ? "This file holds no single answers, so there is no picture of requests and latency."
      : "",
    filters(run) +
      picture +
      legend(losses, course !== undefined, (run.seenEndpoints ?? []).length > 0) +
      `<p id="readout" role="status" aria-live="polite"></p>` +
      keys +
      podTable(run) +
      courseTable(course),
  );
}

function filters({ causes: all }: SavedRun): string {
  if (all.length < 2) return "";
  const boxes = all.map(
    ({ cause, count }, at) =>
      `<label><input type="checkbox" checked data-cause="${at}"> ${escapeHtml(cause)} <span class="count">${countText(count)}</span></label>`,
  );
  return `<fieldset class="filters"><legend>Show losses of</legend>${boxes.join("")}</fieldset>`;
}

function legend(losses: readonly Loss[], hasCourse: boolean, hasViews: boolean): string {
  const bar = (name: string, text: string, height: number) =>
    `<li><svg width="22" height="12" aria-hidden="true"><rect class="${name}" x="1" y="${6 - height / 2}" width="20" height="${height}" rx="${height / 5}"/></svg>${text}</li>`;
  const states = [
    bar("pending", "started, not ready", 10),
    bar("ready", "ready", 10),
    bar("ending", "deleted, not gone", 10),
  ];
  const views = viewKinds
    .slice(0, hasViews ? undefined : 1)
    .map(({ name, text }) => bar(name, `in ${text}`, 2));
  const used = new Set(losses.map(({ shape }) => shape));
  const marks = [...used].map(
    (shape) =>
      `<li><svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true"><use href="#m-${shape}" class="loss"/></svg>${shapes[shape][0]}</li>`,
  );
  const tick = `<li><svg width="6" height="14" aria-hidden="true"><path class="tick" d="M3 0v14"/></svg>preStop over, SIGTERM, port closed, SIGKILL</li>`;
  const lines = hasCourse
    ? [
        ["p50", "p50"],
        ["p99", "p99"],
      ].map(
        ([name, text]) =>
          `<li><svg width="22" height="8" aria-hidden="true"><path class="line ${name}" d="M0 4H22"/></svg>${text}</li>`,
      )
    : [];
  return `<ul class="legend">${[...states, ...views, tick, ...marks, ...lines].join("")}</ul>`;
}

function podTable(run: SavedRun): string {
  const since = (at: number) => `${((at - run.load.startedAt) / 1_000).toFixed(2)} s`;
  const rows = run.timeline.pods.map((pod) => [
    pod.name,
    pod.node ?? "",
    podMoments(pod, run)
      .map(({ at, text }) => `${since(at)} ${text}`)
      .join(", "),
    countText(run.failures.filter((failure) => failure.pod === pod.name).length),
  ]);
  return folded(
    "the pods as a table",
    table("Pods and what happened to them", ["pod", "node", "what happened, from the start", "#lost"], rows),
  ).replace("<details>", '<details class="short">');
}

function courseTable(course: Course | undefined): string {
  if (course === undefined) return "";
  const perRow = Math.ceil(1_000 / course.binMs);
  const rows = Array.from({ length: Math.ceil(course.bins.length / perRow) }, (_, at) => {
    const bins = course.bins.slice(at * perRow, (at + 1) * perRow);
    const latencies = bins.flatMap(({ latenciesMs }) => latenciesMs).toSorted((left, right) => left - right);
    const rank = (share: number) => latencies[Math.max(0, Math.ceil(latencies.length * share) - 1)];
    const lost = bins.reduce((sum, bin) => sum + bin.lost, 0);
    const text = (ms: number | undefined) => (ms === undefined ? "" : msText(ms));
    return [
      durationText(bins[0]!.fromMs),
      countText(latencies.length + lost),
      countText(latencies.length),
      countText(lost),
      text(rank(0.5)),
      text(rank(0.99)),
    ];
  });
  return folded(
    "requests and latency as a table",
    table("Requests and latency", ["from", "#due", "#answered", "#lost", "#p50", "#p99"], rows),
  );
}

function clock(run: SavedRun, losses: readonly Loss[]): string {
  const since = losses.flatMap(({ failure }) =>
    failure.sinceDeletionMs === null ? [] : [failure.sinceDeletionMs],
  );
  const finding =
    since.length === 0
      ? "No request was lost near the deletion of a pod."
      : `${countText(since.length)} requests were lost near a pod's deletion, from ${durationWith(Math.min(...since))} to ${durationWith(Math.max(...since))} it.`;
  const picture = deathClock(run, losses, finding);
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

function lossTable(losses: readonly Loss[]): string {
  if (losses.length === 0) return "";
  const shown = losses.slice(0, mostRows);
  const rows = shown.map(({ atMs, failure }) => [
    `${(atMs / 1_000).toFixed(3)} s`,
    `${failure.request ?? failure.method} ${failure.target}, ${failure.client}`,
    [failure.class, failure.status, failure.detail].filter((part) => part !== undefined).join(" "),
    failure.pod ?? "none",
    failure.sinceDeletionMs === null ? "" : `${failure.sinceDeletionMs.toFixed(0)} ms`,
    failure.cause,
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
      `${scenario.verdict}: ${lostSentence({ ...scenario, scenarios: [scenario] })}, ${scenario.rounds} rounds`,
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
