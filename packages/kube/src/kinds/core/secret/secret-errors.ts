import type { KubeObject, Secret } from "../../../object.ts";
import {
  invalidBecause,
  invalidValue,
  invalidWord,
  requiredValue,
  tooLongValue,
  type FieldErrors,
} from "../../field-error.ts";
import { configMapKey } from "../../meta/names.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { decodedLength, immutableErrors, mostDataBytes } from "../immutable-errors.ts";
import { goJsonProblem } from "./go-json-problem.ts";

/** What is wrong with a Secret. */
export function* secretErrors(object: KubeObject): FieldErrors {
  const secret = object as Secret;
  yield* coreObjectMetaErrors(object);
  let size = 0;
  for (const [key, value] of Object.entries(secret.data ?? {})) {
    yield* invalidBecause(`data[${key}]`, key, configMapKey(key));
    size += decodedLength(value ?? "");
  }
  if (size > mostDataBytes) yield tooLongValue("data", mostDataBytes);
  yield* typeErrors[secret.type ?? "Opaque"]?.(secret) ?? [];
}

/** What is wrong with a change of a Secret. */
export function* secretUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const { type = "Opaque" } = object as Secret;
  yield* coreObjectMetaUpdateErrors(object, old);
  if (type !== ((old as Secret).type ?? "Opaque")) yield invalidWord("type", type, "field is immutable");
  yield* immutableErrors(object, old, ["data"]);
  yield* secretErrors(object);
}

/** What the types of Secrets must hold. */
const typeErrors: Readonly<Record<string, (secret: Secret) => FieldErrors>> = {
  *"kubernetes.io/service-account-token"({ metadata }) {
    const key = "kubernetes.io/service-account.name";
    if ((metadata.annotations?.[key] ?? "") === "") yield requiredValue(`metadata.annotations[${key}]`);
  },
  "kubernetes.io/dockercfg": (secret) => dockerErrors(secret, ".dockercfg"),
  "kubernetes.io/dockerconfigjson": (secret) => dockerErrors(secret, ".dockerconfigjson"),
  *"kubernetes.io/basic-auth"({ data = {} }) {
    if (data["username"] !== undefined || data["password"] !== undefined) return;
    yield requiredValue("data[username]");
    yield requiredValue("data[password]");
  },
  *"kubernetes.io/ssh-auth"({ data = {} }) {
    if ((data["ssh-privatekey"] ?? "") === "") yield requiredValue("data[ssh-privatekey]");
  },
  *"kubernetes.io/tls"({ data = {} }) {
    for (const key of ["tls.crt", "tls.key"])
      if (data[key] === undefined) yield requiredValue(`data[${key}]`);
  },
};

function* dockerErrors({ data = {} }: Secret, key: string): FieldErrors {
  const value = data[key];
  if (value === undefined) return yield requiredValue(`data[${key}]`);
  const problem = goJsonProblem(Buffer.from(value, "base64").toString("latin1"));
  if (problem === undefined) return;
  yield invalidValue(`data[${key}]`, "<secret contents redacted>", problem);
}
