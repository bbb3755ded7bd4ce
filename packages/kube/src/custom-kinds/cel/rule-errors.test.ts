import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "../../object.ts";
import type { JSONSchemaProps } from "../json-schema-props.ts";
import { compileRule } from "./compile-rule.ts";
import { ruleErrors } from "./rule-errors.ts";

const spec: JSONSchemaProps = {
  type: "object",
  properties: {
    list: { type: "array", items: { type: "integer" } },
    items: {
      type: "array",
      items: { type: "object", properties: { name: { type: "string" }, n: { type: "integer" } } },
    },
    text: { type: "string" },
    map: { type: "object", additionalProperties: { type: "string" } },
    "dashed-name": { type: "string" },
    namespace: { type: "string" },
    ratio: { type: "number" },
  },
};
const value = {
  list: [1, 2, 3],
  items: [{ name: "a", n: 1 }, { name: "b" }],
  text: "Hello, World",
  map: { a: "x" },
  "dashed-name": "d",
  namespace: "ns",
  ratio: 1,
};

function holds(rule: string, object: object = value): boolean | string {
  const schema = {
    type: "object",
    properties: { spec: { ...spec, "x-kubernetes-validations": [{ rule }] } },
  };
  const whole = { apiVersion: "a/v1", kind: "A", metadata: { name: "a" }, spec: object } as KubeObject;
  const errors = [...(ruleErrors(whole, undefined, schema)?.() ?? [])];
  return errors.length === 0 ? true : (errors[0]?.message ?? "");
}

test("rules know the libraries that Kubernetes adds to the language", () => {
  for (const rule of [
    "self.list.isSorted() && self.list.sum() == 6 && self.list.min() == 1 && self.list.max() == 3",
    "self.list.indexOf(2) == 1 && self.list.lastIndexOf(9) == -1",
    "sets.contains(self.list, [3, 1]) && sets.equivalent([1], [1, 1]) && sets.intersects([1], self.list)",
    "math.greatest(1, 2) == 2 && math.least([3, 1]) == 1",
    "self.text.find('[A-Z]') == 'H' && self.text.findAll('[A-Z]') == ['H', 'W']",
    "self.text.matches('^(?i)hello') && !self.text.matches('^hello')",
    "self.text.replace('l', 'L', 1) == 'HeLlo, World' && self.text.charAt(4) == 'o'",
    "'%s is %d'.format(['a', 1]) == 'a is 1'",
    "self.text.lowerAscii().split(', ').join('-') == 'hello-world'",
    "quantity('1Gi').isGreaterThan(quantity('1G')) && isQuantity('5m') && !isQuantity('five')",
    "quantity('50k').add(quantity('20k')).compareTo(quantity('70k')) == 0",
    "isURL('https://a.example:80/b?c=d') && url('https://a.example:81/b').getHost() == 'a.example:81'",
    "ip('10.0.0.1').family() == 4 && cidr('10.0.0.0/8').containsIP('10.1.2.3') && !isIP('10.0.0.256')",
    "!format.dns1123Label().validate('a-b').hasValue() && format.dns1123Label().validate('A').hasValue()",
    "self.dashed__dash__name == 'd' && self.__namespace__ == 'ns'",
    "self.ratio < 1.5",
    "self.map.all(k, k == 'a') && self.map['a'] == 'x' && !('b' in self.map)",
    "self.items.exists_one(i, has(i.n)) && has(self.items[0].n) && !has(self.items[1].n)",
    "self.map.?b.orValue('y') == 'y'",
    "duration('90s') < duration('2m') && timestamp('2026-01-01T00:00:00Z').getFullYear() == 2026",
    "cel.bind(n, size(self.list), n * n == 9)",
  ])
    assert.equal(holds(rule), true, rule);
});

for (const [rule, refusal] of [
  ["self.list.all(x, x < 3)", "Invalid value: failed rule: self.list.all(x, x < 3)"],
  ["self.items[1].n > 0", 'Invalid value: "object": no such key: n evaluating rule: self.items[1].n > 0'],
  [
    "1 / (size(self.list) - 3) == 1",
    'Invalid value: "object": division by zero evaluating rule: 1 / (size(self.list) - 3) == 1',
  ],
] as const)
  test(`${rule} does not hold`, () => assert.equal(holds(rule), refusal));

test("rules that take too long are ended, and the object is refused", () => {
  const list = Array.from({ length: 3000 }, (_, index) => index);
  const rule = "self.list.all(a, self.list.all(b, self.list.all(c, a + b + c >= 0)))";
  assert.equal(
    holds(rule, { ...value, list }),
    'Invalid value: "object": validation failed due to running out of cost budget, no further validation rules will be run',
  );
});

test("a field that the schema does not have is found before the rule is ever asked", () => {
  for (const [rule, position] of [
    ["self.items.all(i, i.nam == 'a')", 20],
    ["self.tex == 'a'", 5],
    ["has(self.items[0].nothing)", 18],
  ] as const)
    assert.match(
      compileRule({ rule }, spec, false).error ?? "",
      new RegExp(`^compilation failed: ERROR: <input>:1:${position}: undefined field`),
      rule,
    );
});
