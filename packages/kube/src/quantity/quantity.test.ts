import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { resolveIntOrPercent } from "./int-or-percent.ts";
import { canonicalQuantity, compareQuantity, formatQuantity, isQuantity, parseQuantity } from "./quantity.ts";

const nano = 1_000_000_000n;

test("quantities parse exactly", () => {
  const cases: [string | number, bigint][] = [
    ["0", 0n],
    ["1", nano],
    [2, 2n * nano],
    [0.5, nano / 2n],
    ["500m", nano / 2n],
    ["100n", 100n],
    ["7u", 7000n],
    [".5", nano / 2n],
    ["5.", 5n * nano],
    ["+1", nano],
    ["-1.5", (-3n * nano) / 2n],
    ["1k", 1000n * nano],
    ["1M", 10n ** 6n * nano],
    ["1G", 10n ** 9n * nano],
    ["1T", 10n ** 12n * nano],
    ["1P", 10n ** 15n * nano],
    ["1E", 10n ** 18n * nano],
    ["1E3", 1000n * nano],
    ["1e-3", nano / 1000n],
    ["1Ki", 1024n * nano],
    ["1.5Gi", 1536n * 1024n ** 2n * nano],
    ["1Ei", 1024n ** 6n * nano],
    ["0.1n", 1n],
    ["-0.1n", -1n],
    ["16Ei", (2n ** 63n - 1n) * nano],
    ["1e30", 10n ** 39n],
  ];
  for (const [text, expected] of cases) assert.equal(parseQuantity(text), expected, String(text));
});

test("quantities have the canonical form of the API server", () => {
  const cases: [string | number, string][] = [
    ["0.5", "500m"],
    ["1000m", "1"],
    ["1024Mi", "1Gi"],
    ["1536Mi", "1536Mi"],
    ["1.5Gi", "1536Mi"],
    ["1000", "1k"],
    ["128974848", "128974848"],
    ["129e6", "129e6"],
    ["129M", "129M"],
    ["123Mi", "123Mi"],
    ["1023Ki", "1023Ki"],
    ["0.5Ki", "512"],
    ["1.0001Ki", "1024102400u"],
    ["0Mi", "0"],
    [2, "2"],
    ["1e3", "1e3"],
    ["1e2", "100"],
    ["1.5", "1500m"],
    ["1.125", "1.125"],
  ];
  for (const [text, expected] of cases) assert.equal(canonicalQuantity(text), expected, String(text));
});

test("what is not a quantity is refused with SW1108", () => {
  for (const text of ["", "1.2.3", "Mi", "1mi", "1 Gi", "0x10", "1KiB", "--1", "1e", "."]) {
    assert.throws(() => parseQuantity(text), { code: "SW1108" }, text);
    assert.equal(isQuantity(text), false, text);
  }
  assert.equal(isQuantity(true), false);
  assert.equal(isQuantity("1Gi"), true);
});

test("quantities compare by value", () => {
  assert.equal(compareQuantity("1Gi", "1G"), 1);
  assert.equal(compareQuantity("1000m", "1"), 0);
  assert.equal(compareQuantity("64Mi", "1Gi"), -1);
});

test("any amount in any format reads back as itself", () => {
  const amount = fc.bigInt({ min: -(10n ** 27n), max: 10n ** 27n });
  const format = fc.constantFrom("decimal" as const, "binary" as const, "exponent" as const);
  fc.assert(
    fc.property(amount, format, (nanos, format) => {
      const text = formatQuantity(nanos, format);
      assert.equal(parseQuantity(text), nanos);
      assert.equal(canonicalQuantity(canonicalQuantity(text)), canonicalQuantity(text));
    }),
  );
});

test("percentages resolve as Kubernetes rounds them", () => {
  assert.equal(resolveIntOrPercent("25%", 10, "up"), 3);
  assert.equal(resolveIntOrPercent("25%", 10, "down"), 2);
  assert.equal(resolveIntOrPercent("100%", 7, "down"), 7);
  assert.equal(resolveIntOrPercent("0%", 7, "up"), 0);
  assert.equal(resolveIntOrPercent(4, 7, "up"), 4);
  for (const bad of ["4", "x%", "-1%", 1.5]) {
    assert.throws(() => resolveIntOrPercent(bad, 10, "up"), { code: "SW1105" }, String(bad));
  }
});
