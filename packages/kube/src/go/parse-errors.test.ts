import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { isQuantity } from "../quantity/quantity.ts";
import { base64Error, quantityError, timeError } from "./parse-errors.ts";

test("what is a quantity has no error, and what is none has one", () => {
  const text = fc.string({ unit: fc.constantFrom(..."0123456789.+-eEmkKMGTPiun".split("")), maxLength: 8 });
  fc.assert(
    fc.property(fc.nat(), text, (number, rest) => {
      const quantity = `${number}${rest}`;
      assert.equal(quantityError(quantity) === undefined, isQuantity(quantity), quantity);
    }),
  );
  assert.equal(quantityError("1KK"), "unable to parse quantity's suffix");
});

test("base64 is refused at the byte where Go stops, and nowhere else", () => {
  assert.equal(base64Error("QUJD"), undefined);
  assert.equal(base64Error("QU\nJD\r\n"), undefined);
  assert.equal(base64Error("QQ=="), undefined);
  assert.equal(base64Error("QUJ*"), "illegal base64 data at input byte 3");
  assert.equal(base64Error("QUJDQ"), "illegal base64 data at input byte 4");
  assert.equal(base64Error("QQ==QQ=="), "illegal base64 data at input byte 4");
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      assert.equal(base64Error(Buffer.from(bytes).toString("base64")), undefined);
    }),
  );
});

test("a time that JavaScript writes is one, and a slip of the pen is told as Go tells it", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true }), (date) => {
      assert.equal(timeError(date.toISOString(), 0), undefined);
    }),
  );
  const parse = (text: string): string => `parsing time "${text}"`;
  const layout = `"2006-01-02T15:04:05Z07:00"`;
  for (const [text, error] of [
    ["yesterday", `${parse("yesterday")} as ${layout}: cannot parse "yesterday" as "2006"`],
    ["2026-13-01T00:00:00Z", `${parse("2026-13-01T00:00:00Z")}: month out of range`],
    ["2026-02-30T00:00:00Z", `${parse("2026-02-30T00:00:00Z")}: day out of range`],
    ["2026-02-03T00:00:00", `${parse("2026-02-03T00:00:00")} as ${layout}: cannot parse "" as "Z07:00"`],
    ["2026-02-03T00:00:00Zz", `${parse("2026-02-03T00:00:00Zz")}: extra text: "z"`],
  ] as const)
    assert.equal(timeError(text, 0), error);
  assert.match(timeError("2026-02-03T00:00:00Z", 6) ?? "", /cannot parse "Z" as "\.000000"$/);
});
