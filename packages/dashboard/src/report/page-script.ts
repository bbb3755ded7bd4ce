/**
 * What the page does beyond showing: the cursor, the selection, one request's course, filters, the theme. It is plain JavaScript for
 * browsers, and stands here as a text because its hash goes into the page's security policy. Texts of the run go through textContent.
 */
export const pageScript = `
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const timeline = byId("timeline"), cursor = byId("cursor"), readout = byId("readout"), dialog = byId("request");
const hidden = new Set();
let selected = -1, at = 0;
const seconds = (ms) => (ms / 1000).toFixed(Math.abs(ms) < 1000 ? 3 : 2) + " s";
const stride = () => Math.max(data.binMs, data.endMs / 400);
const placed = (ms) => data.left + (data.right - data.left) * Math.min(1, Math.max(0, ms / data.endMs));

function moveTo(ms) {
  at = Math.min(data.endMs, Math.max(0, ms));
  cursor.removeAttribute("hidden");
  cursor.setAttribute("transform", "translate(" + placed(at).toFixed(1) + " 0)");
  const bin = data.bins[Math.floor(at / data.binMs)];
  const near = data.moments.filter(([ms, marks]) => Math.abs(ms - at) <= stride() / 2 && !hidden.has(marks)).map(([, , text]) => data.texts[text]);
  readout.textContent = [
    seconds(at) + (bin === undefined ? "" : ": " + (bin[0] + bin[1]) + " due, " + bin[0] + " answered, " + bin[1] + " lost, p50 " + bin[2] + " ms, p99 " + bin[3] + " ms"),
    ...near.slice(0, 3), ...(near.length > 3 ? ["and " + (near.length - 3) + " more"] : []),
  ].join("; ");
}

function select(index) {
  const loss = data.losses[index];
  if (loss === undefined) return;
  selected = index;
  for (const mark of document.querySelectorAll(".loss.selected")) mark.classList.remove("selected");
  const marks = [...document.querySelectorAll('.loss[data-i="' + index + '"]')];
  for (const mark of marks) mark.classList.add("selected");
  moveTo(loss[0]);
  readout.textContent = sentence(loss, index) + " Enter shows its course.";
  history.replaceState(null, "", "#loss=" + (index + 1));
  reveal();
}

function sentence(loss, index) {
  const [ms, , pod, deleted, since, what, how, , without] = loss;
  const who = pod >= 0 ? "pod " + data.pods[pod].name : isStream(loss) ? "its pod is not known" : "reached no pod";
  const when = since === null ? "" : ", " + seconds(Math.abs(since)) + (since < 0 ? " before" : " after") + " pod " + (deleted < 0 ? "" : data.pods[deleted].name) + " was deleted";
  return "Loss " + (index + 1) + " of " + data.losses.length + " at " + seconds(ms) + ": " + what + ", " + how + ", " + who + when + (isStream(loss) ? "; " + backAfter(without) : "") + ".";
}

function isStream(loss) { return loss.length > 8; }

function backAfter(without) {
  return without === null ? "its client had no stream again" : "its client had one again after " + seconds(without);
}

function reveal() {
  const box = timeline.parentElement;
  const x = (placed(at) / 1000) * timeline.getBoundingClientRect().width;
  if (x < box.scrollLeft + 40 || x > box.scrollLeft + box.clientWidth - 40) box.scrollLeft = x - box.clientWidth / 2;
}

function step(by) {
  for (let next = selected < 0 && by < 0 ? data.losses.length - 1 : selected + by; next >= 0 && next < data.losses.length; next += by)
    if (!hidden.has("c" + data.losses[next][1])) return select(next);
}

function element(name, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Everything near one request, as [ms, text, who]. */
function courseOf(loss) {
  const [ms, , pod, deleted, , , how, times, without] = loss;
  const back = isStream(loss) && without !== null ? [[ms + without, "its client has a stream again"]] : [];
  const own = times === null ? [[ms, (isStream(loss) ? "broken: " : "lost: ") + how], ...back]
    : [[times[0], "due"], [times[0] + times[1], times[3] ? "sent on a kept connection" : "sent on a new connection"], [times[0] + times[2], "lost: " + how]];
  const name = isStream(loss) ? "stream" : "request";
  const events = own.map(([when, text]) => [when, text, name]);
  for (const index of new Set([pod, deleted])) {
    if (index < 0) continue;
    for (const [when, text] of data.pods[index].moments) events.push([when, text, data.pods[index].name]);
  }
  const near = (when) => Math.abs(when - ms) < 60000;
  return events.filter(([when]) => near(when)).sort((a, b) => a[0] - b[0]);
}

function show() {
  const loss = data.losses[selected];
  if (loss === undefined) return;
  const cause = data.causes[loss[1]];
  byId("request-title").textContent = isStream(loss) ? "One stream" : "One request";
  byId("request-what").textContent = sentence(loss, selected);
  byId("request-why").textContent = cause === undefined ? "" : cause.cause + ": " + cause.why + ".";
  byId("request-fix").textContent = cause === undefined ? "" : cause.fix;
  byId("request-fix").hidden = cause === undefined || cause.fix === "";
  const events = courseOf(loss), from = events[0][0], span = Math.max(1, events[events.length - 1][0] - from);
  const picture = element("svg", { viewBox: "0 0 640 " + (events.length * 22 + 8), class: "waterfall", "aria-hidden": "true" });
  const x = (when) => 8 + (624 * (when - from)) / span;
  events.forEach(([when, text, who], row) => {
    const y = row * 22 + 15, right = x(when) > 320, isOwn = who === "request" || who === "stream";
    picture.append(element("path", { d: "M8 " + y + "H" + x(when).toFixed(1), class: isOwn ? "own" : "other" }));
    picture.append(element("circle", { cx: x(when).toFixed(1), cy: y, r: 4, class: isOwn ? "own" : "other" }));
    picture.append(element("text", { x: (x(when) + (right ? -9 : 9)).toFixed(1), y: y + (right ? -3 : 4), "text-anchor": right ? "end" : "start" }, text));
  });
  byId("request-picture").replaceChildren(picture);
  byId("request-table").replaceChildren(...events.map(([when, text, who]) => {
    const row = document.createElement("tr");
    for (const value of [seconds(when), (when < loss[0] ? "−" : "+") + seconds(Math.abs(when - loss[0])), who, text]) row.append(Object.assign(document.createElement("td"), { textContent: value }));
    return row;
  }));
  if (!dialog.open) dialog.showModal();
}

document.addEventListener("click", (event) => {
  const mark = event.target.closest("[data-i]");
  if (mark !== null) { select(Number(mark.dataset.i)); show(); }
  if (event.target === dialog) dialog.close();
});
timeline.addEventListener("pointermove", (event) => {
  const box = timeline.getBoundingClientRect(), x = ((event.clientX - box.left) / box.width) * 1000;
  moveTo(((x - data.left) / (data.right - data.left)) * data.endMs);
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "[" || event.key === "]") { step(event.key === "]" ? 1 : -1); if (dialog.open) show(); event.preventDefault(); }
  if (document.activeElement !== timeline) return;
  const by = (event.shiftKey ? 10 : 1) * stride();
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") { moveTo(at + (event.key === "ArrowRight" ? by : -by)); reveal(); event.preventDefault(); }
  if (event.key === "Enter") { show(); event.preventDefault(); }
  if (event.key === "Escape") { selected = -1; cursor.setAttribute("hidden", ""); history.replaceState(null, "", location.pathname); }
});
for (const box of document.querySelectorAll("[data-marks]")) box.addEventListener("change", () => {
  const { marks } = box.dataset;
  if (box.checked) hidden.delete(marks); else hidden.add(marks);
  for (const mark of document.querySelectorAll("svg.picture ." + marks)) mark.classList.toggle("off", !box.checked);
});
byId("close").addEventListener("click", () => dialog.close());
byId("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : root.dataset.theme === "dark";
  root.dataset.theme = dark ? "light" : "dark";
});
const opened = [];
addEventListener("beforeprint", () => { for (const each of document.querySelectorAll("details.short:not([open])")) { each.open = true; opened.push(each); } });
addEventListener("afterprint", () => { for (const each of opened.splice(0)) each.open = false; });
const wanted = /^#loss=(\\d+)$/.exec(location.hash);
if (wanted !== null) select(Number(wanted[1]) - 1);
`;
