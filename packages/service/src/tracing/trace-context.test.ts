import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import { test } from "node:test";
import * as fc from "fast-check";
import { formatB3Multi, formatB3Single } from "./b3.ts";
import { readTraceContext, type TraceContext } from "./trace-context.ts";
import { formatTraceparent } from "./traceparent.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";
const ids = { traceId, parentSpanId: spanId };
const noIds = { traceId: undefined, parentSpanId: undefined };
const w3c = { debug: false, traceState: undefined, format: "tracecontext" };
const b3 = { debug: false, traceState: undefined, format: "b3" };
const b3multi = { debug: false, traceState: undefined, format: "b3multi" };

test("traceparent is read as the specification says", () => {
  const read = (traceparent: string | string[]): unknown => readTraceContext({ traceparent });
  const valid: Record<string, boolean> = {
    [`00-${traceId}-${spanId}-01`]: true,
    [`00-${traceId}-${spanId}-00`]: false,
    [`00-${traceId}-${spanId}-02`]: false,
    [`00-${traceId}-${spanId}-03`]: true,
    [`00-${traceId}-${spanId}-ff`]: true,
    [`01-${traceId}-${spanId}-01`]: true,
    [`cc-${traceId}-${spanId}-01-what-comes-later`]: true,
    [`cc-${traceId}-${spanId}-01-`]: true,
  };
  for (const [value, sampled] of Object.entries(valid))
    assert.deepEqual(read(value), { ...w3c, ...ids, sampled }, value);
  const invalid = [
    "",
    `ff-${traceId}-${spanId}-01`,
    `00-${"0".repeat(32)}-${spanId}-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}-0`,
    `00-${traceId}-${spanId}-01-`,
    `00-${traceId}-${spanId}-01-later`,
    `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`,
    `cc-${traceId}-${spanId}-01.later`,
    `0-${traceId}-${spanId}-01`,
    `0x-${traceId}-${spanId}-01`,
    `00_${traceId}_${spanId}_01`,
    `00-${traceId.slice(1)}-${spanId}-01`,
    `00-${traceId}-${spanId}`,
    ` 00-${traceId}-${spanId}-01`,
  ];
  for (const value of invalid) assert.equal(read(value), undefined, value);
  assert.equal(read([`00-${traceId}-${spanId}-01`, `00-${traceId}-${spanId}-01`]), undefined);
});

test("tracestate is passed on, shortened by whole members, or dropped", () => {
  const read = (tracestate: string | string[]): string | undefined =>
    readTraceContext({ traceparent: `00-${traceId}-${spanId}-01`, tracestate })?.traceState;
  assert.equal(read("congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"), "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7");
  assert.equal(read(" a=1 ,\t, 1b@c/d*e_f-g= x y ,"), "a=1,1b@c/d*e_f-g= x y");
  assert.equal(read(["a=1", "b=2"]), "a=1,b=2");
  for (const invalid of ["", " , ", "a", "A=1", "a=", "=1", "a=1=2", "a=\t1", "a=é", "_a=1", "a=1,b"]) {
    assert.equal(read(invalid), undefined, invalid);
  }
  const members = (count: number, length: number): string[] =>
    Array.from({ length: count }, (_, index) => `k${index}=`.padEnd(length, "v"));
  assert.equal(read(members(32, 8).join()), members(32, 8).join());
  assert.equal(read(members(33, 8).join()), undefined);
  assert.equal(read(`a=${"v".repeat(257)}`), undefined);
  assert.equal(read(members(10, 60).join()), members(8, 60).join());
  const long = `long=${"v".repeat(124)}`;
  assert.equal(read([long, ...members(8, 60)].join()), members(8, 60).join());
  assert.equal(read([long, long, long, long].join()), undefined);
});

test("an invalid traceparent takes its tracestate along", () => {
  assert.equal(readTraceContext({ traceparent: "00-1-2-3", tracestate: "a=1" }), undefined);
});

test("B3 in one header", () => {
  const read = (value: string | string[]): unknown => readTraceContext({ b3: value });
  assert.deepEqual(read(`${traceId}-${spanId}-1`), { ...b3, ...ids, sampled: true });
  assert.deepEqual(read(`${traceId}-${spanId}-0`), { ...b3, ...ids, sampled: false });
  assert.deepEqual(read(`${traceId}-${spanId}-d`), { ...b3, ...ids, sampled: true, debug: true });
  assert.deepEqual(read(`${traceId}-${spanId}`), { ...b3, ...ids, sampled: undefined });
  assert.deepEqual(read(`${traceId}-${spanId}-1-05e3ac9a4f6e3b90`), { ...b3, ...ids, sampled: true });
  assert.deepEqual(read(`${traceId}-${spanId}-05e3ac9a4f6e3b90`), { ...b3, ...ids, sampled: undefined });
  const padded = { traceId: `${"0".repeat(16)}${traceId.slice(16)}`, parentSpanId: spanId };
  assert.deepEqual(read(`${traceId.slice(16)}-${spanId}-1`), { ...b3, ...padded, sampled: true });
  assert.deepEqual(read("0"), { ...b3, ...noIds, sampled: false });
  assert.deepEqual(read("1"), { ...b3, ...noIds, sampled: true });
  assert.deepEqual(read("d"), { ...b3, ...noIds, sampled: true, debug: true });
  const invalid = [
    "",
    "2",
    "true",
    traceId,
    `${traceId}-`,
    `${traceId}-${spanId}-`,
    `${traceId}-${spanId}-2`,
    `${traceId}-${spanId}-1-05e3`,
    `${traceId}-${spanId}-1-05e3ac9a4f6e3b90-1`,
    `${traceId.slice(1)}-${spanId}-1`,
    `${traceId}-${"0".repeat(16)}-1`,
    `${"0".repeat(32)}-${spanId}-1`,
    [`${traceId}-${spanId}-1`],
  ];
  for (const value of invalid) assert.equal(read(value), undefined, String(value));
});

test("B3 in several headers", () => {
  const read = (
    sampled?: string,
    flags?: string,
    own: IncomingHttpHeaders = { "x-b3-traceid": traceId, "x-b3-spanid": spanId },
  ) => readTraceContext({ ...own, "x-b3-sampled": sampled, "x-b3-flags": flags });
  assert.deepEqual(read(), { ...b3multi, ...ids, sampled: undefined });
  for (const yes of ["1", "true"]) assert.deepEqual(read(yes), { ...b3multi, ...ids, sampled: true });
  for (const no of ["0", "false"]) assert.deepEqual(read(no), { ...b3multi, ...ids, sampled: false });
  assert.deepEqual(read("yes"), { ...b3multi, ...ids, sampled: undefined });
  assert.deepEqual(read(undefined, "1"), { ...b3multi, ...ids, sampled: true, debug: true });
  assert.deepEqual(read("0", "0"), { ...b3multi, ...ids, sampled: false });
  assert.equal(
    read("1", undefined, { "x-b3-traceid": "a3ce929d0e0e4736", "x-b3-spanid": spanId })?.traceId,
    "0000000000000000a3ce929d0e0e4736",
  );
  assert.deepEqual(read("0", undefined, {}), { ...b3multi, ...noIds, sampled: false });
  assert.deepEqual(read(undefined, "1", {}), { ...b3multi, ...noIds, sampled: true, debug: true });
  assert.deepEqual(read("0", undefined, { "x-b3-traceid": traceId }), {
    ...b3multi,
    ...noIds,
    sampled: false,
  });
  assert.equal(read(undefined, undefined, { "x-b3-traceid": traceId }), undefined);
  assert.equal(read(undefined, "0", {}), undefined);
});

test("W3C goes before B3 in one header, and that before several", () => {
  const other = traceId.replace("4", "5");
  const several = { "x-b3-traceid": traceId, "x-b3-spanid": spanId };
  assert.equal(readTraceContext({ ...several, b3: `${other}-${spanId}` })?.traceId, other);
  assert.equal(readTraceContext({ ...several, b3: "none", traceparent: "none" })?.traceId, traceId);
  const both = { b3: `${traceId}-${spanId}`, traceparent: `00-${other}-${spanId}-00` };
  assert.deepEqual([readTraceContext(both)?.traceId, readTraceContext(both)?.sampled], [other, false]);
  assert.equal(readTraceContext({ host: "a", "x-request-id": "1" }), undefined);
});

const hex = (digits: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[\\da-f]{${digits}}$`)).filter((text) => /[^0]/.test(text));
const someTrace: fc.Arbitrary<TraceContext> = fc.record({
  traceId: hex(32),
  spanId: hex(16),
  sampled: fc.boolean(),
  traceState: fc.constant(undefined),
});

test("what is sent is read again as it was", () => {
  fc.assert(
    fc.property(someTrace, fc.boolean(), (trace, debug) => {
      const expected = {
        traceId: trace.traceId,
        parentSpanId: trace.spanId,
        sampled: trace.sampled,
        traceState: undefined,
      };
      const isDebug = debug && trace.sampled;
      const sent: readonly [string, IncomingHttpHeaders, boolean][] = [
        ["tracecontext", { traceparent: formatTraceparent(trace) }, false],
        ["b3", { b3: formatB3Single(trace, debug) }, isDebug],
        ["b3multi", formatB3Multi(trace, debug), isDebug],
      ];
      for (const [format, headers, debug] of sent) {
        assert.deepEqual(readTraceContext(headers), { ...expected, format, debug });
      }
    }),
  );
});

test("whatever comes is read without an error, to well-formed ids or none", () => {
  const names = [
    "traceparent",
    "tracestate",
    "b3",
    "x-b3-traceid",
    "x-b3-spanid",
    "x-b3-sampled",
    "x-b3-flags",
  ];
  const almost = fc
    .tuple(
      someTrace,
      fc.nat(80),
      fc.string({ maxLength: 3 }),
      fc.constantFrom("traceparent", "b3", "traceid"),
    )
    .map(([trace, at, text, format]) => {
      const value = {
        traceparent: formatTraceparent(trace),
        b3: formatB3Single(trace, true),
        traceid: trace.traceId,
      }[format];
      return value.slice(0, at) + text + value.slice(at + 1);
    });
  const value = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    almost,
    hex(16),
    fc.array(almost),
    fc.constant(undefined),
  );
  const someHeaders = fc.record(Object.fromEntries(names.map((name) => [name, value])));
  fc.assert(
    fc.property(someHeaders, (headers) => {
      const context = readTraceContext(headers);
      if (context?.traceId === undefined) return;
      assert.match(context.traceId, /^(?!0{32})[\da-f]{32}$/);
      assert.match(context.parentSpanId, /^(?!0{16})[\da-f]{16}$/);
      if (context.traceState !== undefined) assert.ok(context.traceState.length <= 512);
    }),
    { numRuns: 2_000 },
  );
});
