import { SeaworthyError } from "@seaworthy/errors";
import type { LoadPlan } from "@seaworthy/load";
import type { FlagValues } from "../command.ts";
import { durationMs, listFlag } from "../flag-values.ts";

/** How connections are used, by `--client`: several kinds share the requests. Throws SW1002. */
export function readClients(flags: FlagValues): Partial<Pick<LoadPlan, "clients" | "maxUses" | "maxAgeMs">> {
  const texts = listFlag(flags, "client");
  if (texts.length === 0) return {};
  const read = texts.map((text) => readClient(text));
  const clients = read.map(({ kind }) => kind);
  const twice = clients.find((kind, index) => clients.indexOf(kind) !== index);
  if (twice !== undefined)
    throw new SeaworthyError("SW1002", `--client ${twice} is given twice`, {
      field: "--client",
      next: ["name each kind once; they share the requests evenly"],
    });
  return Object.assign({ clients }, ...read.map(({ setting }) => setting)) as ReturnType<typeof readClients>;
}

interface Client {
  readonly kind: LoadPlan["clients"][number];
  readonly setting: Partial<Pick<LoadPlan, "maxUses" | "maxAgeMs">>;
}

function readClient(text: string): Client {
  const [kind, value] = text.split("=", 2);
  if (value === undefined && (kind === "keep-alive" || kind === "new-connection"))
    return { kind, setting: {} };
  const uses = Number(value);
  if (kind === "max-uses" && Number.isInteger(uses) && uses >= 1) return { kind, setting: { maxUses: uses } };
  const ageMs = durationMs(value ?? "");
  if (kind === "max-age" && ageMs !== undefined && ageMs > 0) return { kind, setting: { maxAgeMs: ageMs } };
  throw new SeaworthyError("SW1002", `--client cannot be ${text}`, {
    field: "--client",
    next: ["one of: keep-alive, new-connection, max-uses=100, max-age=10s"],
  });
}
