import { deepEqual, type JsonObject, type ServedType } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { StatusError } from "../http/status-error.ts";
import { generateUid } from "../verbs/create-object.ts";
import type { ClientConfig } from "../webhooks/client-config.ts";
import { postToWebhook } from "../webhooks/post-to-webhook.ts";

/** How long a webhook may take to convert objects. */
const timeoutMs = 30_000;
const reviewVersions = ["v1", "v1beta1"];

/**
 * Has a webhook turn custom objects, all of one version, into another version of their kind. What it may change of the
 * metadata are labels and annotations.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/conversion/webhook_converter.go
 */
export async function convertObjects(
  context: ApiContext,
  { conversionWebhook }: ServedType,
  objects: readonly JsonObject[],
  desiredAPIVersion: string,
): Promise<JsonObject[]> {
  const [{ apiVersion, kind } = {}] = objects;
  const subject = `conversion webhook for ${textOf(apiVersion)}, Kind=${textOf(kind)}`;
  const { clientConfig = {}, conversionReviewVersions = [] } = conversionWebhook ?? {};
  const version = conversionReviewVersions.find((each) => reviewVersions.includes(each));
  if (version === undefined) throw failed("no supported conversion review versions");
  const uid = generateUid(context.random);
  const review = {
    kind: "ConversionReview",
    apiVersion: `apiextensions.k8s.io/${version}`,
    request: { uid, desiredAPIVersion, objects: [...objects] },
  };
  let converted: readonly unknown[];
  try {
    const answer = await postToWebhook(context, clientConfig as ClientConfig, review, timeoutMs);
    converted = readAnswer(answer, review.apiVersion, uid);
  } catch (error) {
    throw failed(`${subject} failed: ${(error as Error).message}`);
  }
  if (converted.length !== objects.length)
    throw failed(`${subject} returned ${converted.length} objects, expected ${objects.length}`);
  return converted.map((object, index) => {
    try {
      return checked(objects[index]!, object, desiredAPIVersion);
    } catch (error) {
      const why = (error as Error).message;
      throw failed(`${subject} returned invalid converted object at index ${index}: ${why}`);
    }
  });
}

/** Kubernetes gives no reason. */
function failed(message: string): StatusError {
  return new StatusError(500, "", message);
}

function readAnswer(answer: JsonObject, version: string, uid: string): readonly unknown[] {
  const { kind, apiVersion } = answer;
  const response = answer["response"] as Response | null | undefined;
  const isStrict = version.endsWith("/v1");
  if (isStrict && (apiVersion !== version || kind !== "ConversionReview"))
    throw new Error(
      `expected webhook response of ${version}, Kind=ConversionReview, got ${textOf(apiVersion)}, Kind=${textOf(kind)}`,
    );
  if (response === null || response === undefined) throw new Error("no response provided");
  if (isStrict && response.uid !== uid)
    throw new Error(
      `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? "")}`,
    );
  const { status = "", message = "" } = response.result ?? {};
  if (status !== "Success")
    throw new Error(message === "" ? `response.result.status was '${status}', not 'Success'` : message);
  return response.convertedObjects ?? [];
}

interface Response {
  readonly uid?: string;
  readonly result?: { readonly status?: string; readonly message?: string };
  readonly convertedObjects?: readonly unknown[] | null;
}

type Metadata = Readonly<Record<string, unknown>>;

/** The converted object with the metadata of the original; throws where it is not the same object in the version. */
function checked(original: JsonObject, object: unknown, desired: string): JsonObject {
  const converted = (object ?? {}) as JsonObject & { readonly metadata?: Metadata };
  if (converted["apiVersion"] !== desired)
    throw new Error(
      `invalid groupVersion (expected ${desired}, received ${textOf(converted["apiVersion"])})`,
    );
  if (converted["kind"] !== original["kind"])
    throw new Error(
      `invalid kind (expected ${textOf(original["kind"])}, received ${textOf(converted["kind"])})`,
    );
  const before = original["metadata"] as Metadata;
  const { metadata: after } = converted;
  if (after === undefined) throw new Error("missing metadata in converted object");
  for (const [field, word] of [
    ["name", "name"],
    ["namespace", "namespace"],
    ["uid", "UID"],
  ] as const)
    if (!deepEqual(before[field] ?? "", after[field] ?? ""))
      throw new Error(`must have the same ${word}: ${textOf(before[field])} != ${textOf(after[field])}`);
  const { labels: _labels, annotations: _annotations, ...kept } = before;
  const metadata = {
    ...kept,
    ...(isMap(after["labels"]) ? { labels: after["labels"] } : {}),
    ...(isMap(after["annotations"]) ? { annotations: after["annotations"] } : {}),
  };
  return { ...converted, metadata };
}

function isMap(value: unknown): value is Readonly<Record<string, string>> {
  if (value === undefined || value === null) return false;
  if (typeof value === "object" && Object.values(value).every((each) => typeof each === "string"))
    return true;
  throw new Error("labels and annotations must be maps of strings");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
