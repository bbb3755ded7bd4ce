import { toGoJson } from "../go/go-text.ts";
import { parseTimestamp, timestamp } from "../kinds/meta/timestamp.ts";
import type { ManagedFieldsEntry } from "../object.ts";
import { FieldSet } from "./field-set/field-set.ts";
import { Memo } from "./field-set/memo.ts";
import { fromFieldsV1 } from "./field-set/fields-v1.ts";
import { compareText } from "./field-set/path-element.ts";
import type { MergeType } from "./typed/merge-type.ts";

/** What is known of a manager. */
export interface FieldOwnerFacts {
  readonly name: string;
  readonly operation: "Apply" | "Update";
  /** The version in which the fields are named. */
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** When the entry last changed, as RFC 3339 in UTC; some entries have none. */
  readonly time: string | undefined;
  readonly fields: FieldSet;
  /** The type that the fields are known to fit; undefined for those that were read from text. */
  readonly fits?: MergeType | undefined;
}

/** An entry of managedFields that cannot be read. */
export class ManagedFieldsError extends Error {}

/** One entry of `metadata.managedFields`: which fields a manager owns, and how it came by them. It does not change. */
export class FieldOwner implements FieldOwnerFacts {
  readonly name: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string | undefined;
  readonly fields: FieldSet;
  readonly fits: MergeType | undefined;
  #id: string | undefined;
  #entry: ManagedFieldsEntry | undefined;
  #json: string | undefined;

  constructor({ name, operation, apiVersion, subresource, time, fields, fits }: FieldOwnerFacts) {
    this.name = name;
    this.operation = operation;
    this.apiVersion = apiVersion;
    this.subresource = subresource;
    this.time = time;
    this.fields = fields;
    this.fits = fits;
  }

  /** The same manager with other facts; one that is given as undefined is unknown. */
  with(facts: Partial<FieldOwnerFacts>): FieldOwner {
    const { name, operation, apiVersion, subresource, time, fields, fits } = this;
    return new FieldOwner({ name, operation, apiVersion, subresource, time, fields, fits, ...facts });
  }

  /** What tells managers apart: who applies in several versions is one manager, who updates in several is one in each. */
  get id(): string {
    this.#id ??= toGoJson({
      ...(this.name === "" ? {} : { manager: this.name }),
      operation: this.operation,
      ...(this.operation === "Apply" ? {} : { apiVersion: this.apiVersion }),
      ...(this.subresource === "" ? {} : { subresource: this.subresource }),
    });
    return this.#id;
  }

  /**
   * The entry in the object, which all objects have together that were written in one second by one manager in one way. Its fields
   * are read when somebody wants them: most objects are changed more often than they are looked at.
   */
  get entry(): ManagedFieldsEntry {
    if (this.#entry !== undefined) return this.#entry;
    const { name, operation, apiVersion, subresource, time, fields } = this;
    let alike = entries.get(fields);
    if (alike === undefined) entries.set(fields, (alike = new Memo(100)));
    const key = [name, operation, apiVersion, subresource, time].join("\n");
    return (this.#entry = alike.of(key, () => makeEntry(this)));
  }

  /** An entry as JSON. */
  static write(entry: ManagedFieldsEntry): string {
    const own = (entry as { readonly [written]?: FieldOwner })[written];
    return own === undefined ? JSON.stringify(entry) : (own.#json ??= own.#write());
  }

  #write(): string {
    const { name, operation, apiVersion, subresource, time, fields } = this;
    const head = JSON.stringify({ manager: name === "" ? undefined : name, operation, apiVersion, time });
    const tail = subresource === "" ? "" : `,"subresource":${JSON.stringify(subresource)}`;
    return `${head.slice(0, -1)},"fieldsType":"FieldsV1","fieldsV1":${fields.json}${tail}}`;
  }

  /** Reads an entry, or throws a ManagedFieldsError. What is our own is not read again. */
  static read(entry: ManagedFieldsEntry, index: number): FieldOwner {
    const own = (entry as { readonly [written]?: FieldOwner })[written];
    if (own !== undefined) return own;
    const { operation, apiVersion = "", fieldsType = "", manager: name = "", subresource = "", time } = entry;
    if (operation !== "Apply" && operation !== "Update")
      throw new ManagedFieldsError("operation must be `Apply` or `Update`");
    if (apiVersion === "") throw new ManagedFieldsError("apiVersion must not be empty");
    if (fieldsType === "")
      throw new ManagedFieldsError(`missing fieldsType in managed fields entry ${index}`);
    if (fieldsType !== "FieldsV1")
      throw new ManagedFieldsError(
        `invalid fieldsType ${JSON.stringify(fieldsType)} in managed fields entry ${index}`,
      );
    const ms = parseTimestamp(time);
    return new FieldOwner({
      name,
      operation,
      apiVersion,
      subresource,
      time: ms === undefined ? undefined : timestamp(ms),
      fields: readFields(entry),
    });
  }

  /** Kubernetes' order: appliers before updaters, then by time, name, version and subresource. */
  static compare(a: FieldOwner, b: FieldOwner): number {
    return (
      compareText(a.operation, b.operation) ||
      FieldOwner.compareTimes(a, b) ||
      compareText(a.name, b.name) ||
      compareText(a.apiVersion, b.apiVersion) ||
      compareText(a.subresource, b.subresource)
    );
  }

  /** The older first; those without a time are the oldest. */
  static compareTimes(a: FieldOwner, b: FieldOwner): number {
    return compareText(a.time ?? "", b.time ?? "");
  }
}

/** The entries of a set of fields, by all else that is in them. */
const entries = new WeakMap<FieldSet, Memo<string, ManagedFieldsEntry>>();

function makeEntry(owner: FieldOwner): ManagedFieldsEntry {
  const { name, operation, apiVersion, subresource, time, fields } = owner;
  let fieldsV1: unknown;
  // What is undefined is not written.
  const entry = {
    manager: name === "" ? undefined : name,
    operation,
    apiVersion,
    time,
    fieldsType: "FieldsV1",
    get fieldsV1() {
      return (fieldsV1 ??= JSON.parse(fields.json));
    },
    subresource: subresource === "" ? undefined : subresource,
  } as ManagedFieldsEntry;
  // Copies of the entry must not have it: they may be changed.
  Object.defineProperty(entry, written, { value: owner });
  return entry;
}

/** Where an entry keeps the manager that wrote it. */
const written = Symbol("the manager of this entry");

function readFields({ fieldsV1 }: ManagedFieldsEntry): FieldSet {
  try {
    return fieldsV1 === undefined ? FieldSet.empty : fromFieldsV1(fieldsV1);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ManagedFieldsError(`error decoding set: ${error.message}`);
  }
}
