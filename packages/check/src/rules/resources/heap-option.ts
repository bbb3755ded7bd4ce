import { parseQuantity, type FieldPath } from "@seaworthy/kube";
import type { ContainerSource } from "../../objects/pod-source.ts";

/** An option that says how large a heap may grow. */
export interface HeapOption {
  /** The option as it is written: `-Xmx512m`. */
  readonly written: string;
  /** The field's whole text, of which the option is a part. */
  readonly text: string;
  /** Where the text is, from the container. */
  readonly path: FieldPath;
  readonly match: RegExpExecArray;
}

/** The last of the options that match, as that one counts: in the command, its arguments, or a variable. */
export function findHeapOption(
  { container }: ContainerSource,
  option: RegExp,
  variables: readonly string[],
): HeapOption | undefined {
  const texts: { text: string; path: FieldPath }[] = [
    ...(container.env ?? []).flatMap(({ name, value }, index) =>
      value && variables.includes(name) ? [{ text: value, path: ["env", index, "value"] }] : [],
    ),
    ...(container.command ?? []).map((text, index) => ({ text, path: ["command", index] })),
    ...(container.args ?? []).map((text, index) => ({ text, path: ["args", index] })),
  ];
  return texts
    .flatMap(({ text, path }) => {
      const match = option.exec(text);
      return match === null ? [] : [{ written: match[0], text, path, match }];
    })
    .at(-1);
}

/** An amount of bytes in MiB, rounded down. */
export function mebibytes(bytes: number): number {
  return Math.floor(bytes / 2 ** 20);
}

/** A quantity of memory in bytes. */
export function bytesOf(amount: string): number {
  return Number(parseQuantity(amount)) / 1e9;
}

/** The part of a memory limit up to which a heap may grow: the rest is for stacks, buffers and code. */
export const mostHeap = 0.8;
/** The part that is advised. */
export const advisedHeap = 0.75;
