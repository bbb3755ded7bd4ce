import { Buffer } from "node:buffer";
import { objectIn, whenEmpty } from "../../../defaults/fill-in.ts";
import { isJsonObject, type JsonObject } from "../../../patch/json-value.ts";

/** `stringData` is write-only: the server moves it into `data` (Convert_v1_Secret_To_core_Secret). */
export function defaultSecret(secret: JsonObject): void {
  whenEmpty(secret, "type", "Opaque");
  const { stringData } = secret;
  delete secret["stringData"];
  if (!isJsonObject(stringData)) return;
  const encoded = Object.entries(stringData).map(([key, text]) => [
    key,
    Buffer.from(String(text ?? "")).toString("base64"),
  ]);
  if (encoded.length > 0) secret["data"] = { ...objectIn(secret, "data"), ...Object.fromEntries(encoded) };
}
