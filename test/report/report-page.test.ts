import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { reportPage } from "@seaworthy/dashboard";
import { exampleRun } from "../../packages/dashboard/src/testing/example-run.ts";
import { exampleStreamRun } from "../../packages/dashboard/src/testing/example-streams.ts";
import { noChromium, openChromium, type BrowserPage } from "./open-chromium.ts";

let folder: string;
let url: string;
let streamsUrl: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "seaworthy-page-"));
  const write = async (name: string, run: Parameters<typeof reportPage>[0]) => {
    const file = join(folder, name);
    await writeFile(file, reportPage(run));
    return pathToFileURL(file).href;
  };
  url = await write("report.html", exampleRun);
  streamsUrl = await write("streams.html", exampleStreamRun);
});
after(() => rm(folder, { recursive: true }));

const readout = (page: BrowserPage) =>
  page.evaluate<string>("document.getElementById('readout').textContent");
const isOpen = (page: BrowserPage) => page.evaluate<boolean>("document.getElementById('request').open");

test("the page of a trial in a real browser", { skip: noChromium, timeout: 120_000 }, async (t) => {
  await using page = await openChromium(url);

  await t.test(
    "it tells the verdict and what to write, and shows what servers said as text only",
    async () => {
      assert.equal(await page.evaluate("document.querySelector('h1').textContent"), "Leaking");
      assert.match(
        await page.evaluate("document.title"),
        /3 of 3,004 requests lost, and 1 that no field saves/,
      );
      const text = await page.evaluate<string>("document.body.textContent");
      assert.match(text, /seconds: 5/);
      assert.match(text, /<script>alert\(1\)<\/script> & more/);
      assert.equal(await page.evaluate("document.scripts.length"), 2, "the data, and the page's own script");
    },
  );

  await t.test(
    "it tells scenario by scenario what was lost, by which cause, and when each was played",
    async () => {
      const cells = await page.evaluate<string[][]>(
        "[...document.querySelectorAll('#scenarios tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))",
      );
      assert.deepEqual(cells, [
        ["rollout", "leaking", "6", "2,003", "3", "2", "1", "0"],
        ["pod-kill", "held", "1", "1,001", "0", "0", "0", "1"],
      ]);
      const bands = await page.evaluate<string[]>(
        "[...document.querySelectorAll('#timeline .band')].map((band) => band.parentElement.querySelector('title').textContent)",
      );
      assert.deepEqual(bands, ["rollout: leaking", "pod-kill: held"]);
    },
  );

  await t.test("keys go from loss to loss, open one, close it, and move in time", async () => {
    await page.press("]");
    assert.match(await readout(page), /^Loss 1 of 4 at 4\.10 s: GET service/);
    assert.equal(await page.evaluate("location.hash"), "#loss=1");
    await page.press("]");
    assert.match(await readout(page), /^Loss 2 of 4/);
    await page.press("[");
    assert.match(await readout(page), /^Loss 1 of 4/);
    await page.evaluate("document.getElementById('timeline').focus()");
    await page.press("Enter");
    assert.equal(await isOpen(page), true);
    assert.match(
      await page.evaluate("document.getElementById('request-why').textContent"),
      /port-closed-before-endpoint-removed/,
    );
    assert.ok((await page.evaluate<number>("document.getElementById('request-table').rows.length")) >= 4);
    await page.press("Escape");
    assert.equal(await isOpen(page), false);
    await page.evaluate("document.getElementById('timeline').focus()");
    const before = await readout(page);
    await page.press("ArrowRight");
    assert.notEqual(await readout(page), before);
    assert.match(await readout(page), /due, \d+ answered/);
  });

  await t.test("a filter hides a cause's marks, and its losses are passed over", async () => {
    const marks = () =>
      page.evaluate<number>("document.querySelectorAll('#timeline .loss:not(.off)').length");
    const all = await marks();
    await page.evaluate("document.querySelector('[data-marks=\"c0\"]').click()");
    assert.equal(await marks(), all - 2);
    await page.evaluate("location.hash = ''");
    await page.evaluate("document.getElementById('timeline').focus()");
    await page.press("Escape");
    await page.press("]");
    assert.match(await readout(page), /^Loss 3 of 4/);
    await page.evaluate("document.querySelector('[data-marks=\"c0\"]').click()");
  });

  await t.test("it is dark or light as the reader wishes, and readable on a phone and in print", async () => {
    const paper = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    const seen = new Set<string>();
    for (const value of ["light", "dark"]) {
      await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });
      seen.add(await paper());
      await saved(page, value);
    }
    assert.equal(seen.size, 2);
    await page.evaluate("document.getElementById('theme').click()");
    assert.equal(seen.has(await paper()), true);
    await page.evaluate("document.getElementById('theme').click()");
    await page.send("Emulation.setEmulatedMedia", { features: [] });
    const phone = { width: 390, height: 844, deviceScaleFactor: 2, mobile: true };
    await page.send("Emulation.setDeviceMetricsOverride", phone);
    assert.ok(
      (await page.evaluate<number>("document.documentElement.scrollWidth")) <= 390,
      "no sideways scrolling",
    );
    await saved(page, "phone");
    await page.send("Emulation.clearDeviceMetricsOverride");
    const { data } = await page.send("Page.printToPDF", { printBackground: true });
    assert.ok(String(data).length > 10_000);
  });

  await t.test("what is seen is also told: every picture has a name, every button a text", async () => {
    const unnamed = `[...document.querySelectorAll('svg.picture, [role=img]')].filter((each) => !each.getAttribute('aria-label')).length`;
    assert.equal(await page.evaluate(unnamed), 0);
    assert.equal(
      await page.evaluate(
        "[...document.querySelectorAll('button')].filter((each) => each.textContent.trim() === '').length",
      ),
      0,
    );
    assert.equal(
      await page.evaluate(
        "document.querySelectorAll('table caption').length === document.querySelectorAll('table').length",
      ),
      true,
    );
    assert.equal(await page.evaluate("document.documentElement.lang"), "en");
  });

  await t.test("it asked for nothing but itself, and wrote no message", () => {
    assert.deepEqual([...new Set(page.requests)], [url]);
    assert.deepEqual(page.messages, []);
  });
});

test("the streams of a trial in a real browser", { skip: noChromium, timeout: 120_000 }, async (t) => {
  await using page = await openChromium(streamsUrl);
  const focusTimeline = () => page.evaluate("document.getElementById('timeline').focus()");

  await t.test("keys come to each broken stream at its moment, and show its course", async () => {
    await page.evaluate("document.querySelector('[data-marks=\"c0\"]').click()");
    await page.press("]");
    assert.equal(
      await readout(page),
      "Loss 3 of 8 at 4.30 s: websocket stream of service /ws?<b>, close 1006, pod shop-1, 0.300 s after pod shop-1 was deleted; its client had one again after 0.900 s. Enter shows its course.",
    );
    await focusTimeline();
    await page.press("Enter");
    assert.equal(await page.evaluate("document.getElementById('request-title').textContent"), "One stream");
    assert.match(
      await page.evaluate("document.getElementById('request-why').textContent"),
      /connection-cut-on-exit: at SIGTERM end each stream in order/,
    );
    assert.match(
      await page.evaluate("document.getElementById('request-table').textContent"),
      /broken: close 1006.*its client has a stream again/s,
    );
    assert.equal(await page.evaluate("document.getElementById('request-fix').checkVisibility()"), false);
    await page.press("Escape");
    await page.evaluate("document.querySelector('[data-marks=\"c0\"]').click()");
  });

  await t.test(
    "moving in time, ends that were announced and streams that were refused are read out",
    async () => {
      const moveTo = `(ms) => {
      const timeline = document.getElementById("timeline"), box = timeline.getBoundingClientRect();
      const clientX = box.left + (box.width * (150 + (838 * ms) / 10_000)) / 1000;
      timeline.dispatchEvent(new PointerEvent("pointermove", { clientX }));
    }`;
      await page.evaluate(`(${moveTo})(4_110)`);
      assert.match(
        await readout(page),
        /; 4 sse streams of ingress \/events ended with an announcement: end of the answer, pod shop-1$/,
      );
      await focusTimeline();
      await page.press("ArrowRight");
      await page.press("ArrowRight");
      assert.match(await readout(page), /could not be opened: ECONNREFUSED$/);
      await page.evaluate("document.querySelector('[data-marks=unopened]').click()");
      await page.press("ArrowLeft");
      await page.press("ArrowRight");
      assert.doesNotMatch(await readout(page), /could not be opened/);
      await page.evaluate("document.querySelector('[data-marks=unopened]').click()");
    },
  );

  await t.test("filters hide the marks of streams", async () => {
    const shown = (name: string) =>
      page.evaluate<number>(`document.querySelectorAll('svg.picture .${name}:not(.off)').length`);
    for (const name of ["c3", "announced", "unopened"]) {
      assert.ok((await shown(name)) > 0, name);
      await page.evaluate(`document.querySelector('[data-marks=${name}]').click()`);
      assert.equal(await shown(name), 0, name);
      await page.evaluate(`document.querySelector('[data-marks=${name}]').click()`);
    }
    assert.equal(
      await page.evaluate("document.querySelectorAll('.legend .announced:not(.off)').length"),
      1,
      "the legend stays",
    );
  });

  await t.test("they fit a phone and paper, dark and light", async () => {
    for (const value of ["light", "dark"]) {
      await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });
      await saved(page, `streams-${value}`);
    }
    await page.send("Emulation.setEmulatedMedia", { features: [] });
    const phone = { width: 360, height: 800, deviceScaleFactor: 2, mobile: true };
    await page.send("Emulation.setDeviceMetricsOverride", phone);
    assert.ok((await page.evaluate<number>("document.documentElement.scrollWidth")) <= 360);
    await saved(page, "streams-phone");
    await page.send("Emulation.clearDeviceMetricsOverride");
    await page.send("Emulation.setEmulatedMedia", { media: "print" });
    assert.equal(await page.evaluate("getComputedStyle(document.querySelector('.filters')).display"), "none");
    await saved(page, "streams-print");
  });

  await t.test("it asked for nothing but itself, and wrote no message", () => {
    assert.deepEqual([[...new Set(page.requests)], page.messages], [[streamsUrl], []]);
  });
});

/** With PICTURES=FOLDER the pictures can be looked at. */
async function saved(page: BrowserPage, name: string): Promise<void> {
  const pictures = process.env["PICTURES"];
  if (pictures !== undefined) await writeFile(join(pictures, `report-${name}.png`), await page.picture());
}

test("a page of 100,000 requests with 1,000 failures and as many broken streams has less than a megabyte", () => {
  const { load, failures, causes } = exampleRun;
  const count = 1_000;
  const many = Array.from({ length: count }, (_, index) => ({
    ...failures[index % 3]!,
    at: new Date(load.startedAt + index * 60).toISOString(),
    pod: `shop-${index % 30}`,
  }));
  const time = (index: number) => load.startedAt + index * 60;
  const streams = exampleStreamRun.streams!;
  const run = {
    ...exampleRun,
    streams: {
      ...streams,
      breaks: many.map(({ at, pod }) => ({ ...streams.breaks[0]!, at, pod })),
    },
    heldStreams: Array.from({ length: 10_000 }, (_, index) => ({
      ...exampleStreamRun.heldStreams![index % exampleStreamRun.heldStreams!.length]!,
      openedAt: time(index / 10),
      endedAt: time(index / 10) + 30_000,
      pod: `shop-${index % 30}`,
    })),
    requests: { scheduled: 100_000, ok: 99_000, failed: count },
    failures: many,
    causes: causes.map((cause) => ({ ...cause, count: 500 })),
    load: {
      ...load,
      endedAt: load.startedAt + 330_000,
      losses: many.map(({ at }) => ({ ...load.losses![0]!, dueAt: Date.parse(at) })),
    },
  };
  assert.ok(Buffer.byteLength(reportPage(run)) < 1_000_000, `${Buffer.byteLength(reportPage(run))} bytes`);
});
