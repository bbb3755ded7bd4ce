import type { Environment } from "@marcbachmann/cel-js";

type Amount = bigint | number;

/** The math library, as far as it is of numbers that are not bits. */
export function registerNumbers(environment: Environment): void {
  class MathLibrary {
    readonly name = "math";
  }
  const pick = (sign: -1 | 1) => (values: readonly Amount[]) =>
    values.reduce((best, value) =>
      sign === 1 ? (value > best ? value : best) : value < best ? value : best,
    );
  environment.registerType("MathLibrary", { ctor: MathLibrary, fields: {} });
  environment.registerConstant("math", "MathLibrary", new MathLibrary());
  for (const [name, choose] of [
    ["greatest", pick(1)],
    ["least", pick(-1)],
  ] as const) {
    environment.registerFunction(
      `MathLibrary.${name}(list): dyn`,
      (_math: MathLibrary, values: readonly Amount[]) => choose(values),
    );
    for (const count of [2, 3, 4])
      environment.registerFunction(
        `MathLibrary.${name}(${Array.from({ length: count }, () => "dyn").join(", ")}): dyn`,
        (_math: MathLibrary, ...values: Amount[]) => choose(values),
      );
  }
  for (const [name, round] of [
    ["ceil", Math.ceil],
    ["floor", Math.floor],
    ["trunc", Math.trunc],
    ["round", (value: number) => Math.sign(value) * Math.round(Math.abs(value))],
  ] as const)
    environment.registerFunction(`MathLibrary.${name}(double): double`, (_math: MathLibrary, value: number) =>
      round(value),
    );
  environment
    .registerFunction("MathLibrary.abs(int): int", (_math: MathLibrary, value: bigint) =>
      value < 0n ? -value : value,
    )
    .registerFunction("MathLibrary.abs(double): double", (_math: MathLibrary, value: number) =>
      Math.abs(value),
    );
}
