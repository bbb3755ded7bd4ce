import { quoteAsGo } from "../../../../go/go-text.ts";
import type { PodSpec, TemplateMeta } from "../../../../object.ts";
import { forbiddenValue, invalidValue, type FieldErrors } from "../../../field-error.ts";
import { descendingPathErrors } from "./path-errors.ts";
import { containersOf } from "./windows-errors.ts";

/** Annotations that were the only way to name a container's AppArmor profile once. */
export const appArmorPrefix = "container.apparmor.security.beta.kubernetes.io/";

const seccompPod = "seccomp.security.alpha.kubernetes.io/pod";
const seccompPrefix = "container.seccomp.security.alpha.kubernetes.io/";

const appArmorForm = /^(runtime\/default|unconfined|localhost\/[^]*)$/;

/** What is wrong with the annotations that named profiles of seccomp and AppArmor before there were fields. */
export function* profileAnnotationErrors(
  field: string,
  metadata: TemplateMeta | undefined,
  spec: PodSpec,
): FieldErrors {
  if (metadata?.annotations === undefined) return;
  const annotations = Object.entries(metadata.annotations);
  for (const [key, profile] of annotations)
    if (key === seccompPod || key.startsWith(seccompPrefix)) yield* seccompErrors(`${field}.${key}`, profile);
  const names = new Set(Array.from(containersOf("", spec), ([, { name }]) => name));
  for (const [key, profile] of annotations) {
    if (!key.startsWith(appArmorPrefix)) continue;
    const name = key.slice(appArmorPrefix.length);
    if (!names.has(name)) yield invalidValue(`${field}[${key}]`, name, "container not found");
    if (profile !== "" && !appArmorForm.test(profile))
      yield invalidValue(`${field}[${key}]`, profile, `invalid AppArmor profile name: ${quoteAsGo(profile)}`);
  }
}

function* seccompErrors(field: string, profile: string): FieldErrors {
  if (["runtime/default", "docker/default", "unconfined"].includes(profile)) return;
  if (!profile.startsWith("localhost/"))
    return yield invalidValue(field, profile, "must be a valid seccomp profile");
  yield* descendingPathErrors(field, profile.slice("localhost/".length));
}

/** What is wrong with a new pod's profiles of seccomp where there is a field and an annotation. */
export function* seccompMatchErrors(
  field: string,
  metadata: TemplateMeta | undefined,
  spec: PodSpec,
): FieldErrors {
  const annotations = metadata?.annotations;
  if (annotations === undefined) return;
  const at = `${field}.securityContext.seccompProfile`;
  yield* matchErrors(at, "seccomp", annotations[seccompPod], spec.securityContext?.seccompProfile);
  for (const [own, { name, securityContext }] of containersOf(field, spec))
    yield* matchErrors(
      `${own}.securityContext.seccompProfile`,
      "seccomp",
      annotations[`${seccompPrefix}${name}`],
      securityContext?.seccompProfile,
    );
}

/**
 * The same for AppArmor, whose annotations are those of containers alone, of a pod or of a template. In a pod the annotation
 * is the container's own profile where it has no other.
 */
export function* appArmorMatchErrors(
  field: string,
  metadata: TemplateMeta | undefined,
  spec: PodSpec,
  { isPod = false }: { readonly isPod?: boolean } = {},
): FieldErrors {
  const annotations = metadata?.annotations;
  if (annotations === undefined || spec.os?.name === "windows") return;
  for (const [own, { name, securityContext }] of containersOf(field, spec)) {
    const annotation = annotations[`${appArmorPrefix}${name}`];
    const isOwn = isPod && annotation !== undefined && appArmorForm.test(annotation);
    const inherited = isOwn ? undefined : spec.securityContext?.appArmorProfile;
    yield* matchErrors(
      `${own}.securityContext.appArmorProfile`,
      "apparmor",
      annotation,
      securityContext?.appArmorProfile ?? inherited,
    );
  }
}

/** The annotations that say the same as a type. */
const annotationsOf: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  seccomp: { Unconfined: ["unconfined"], RuntimeDefault: ["runtime/default", "docker/default"] },
  apparmor: { Unconfined: ["unconfined"], RuntimeDefault: ["runtime/default"] },
};

function* matchErrors(
  field: string,
  what: "seccomp" | "apparmor",
  annotation: string | undefined,
  profile: { readonly type?: string; readonly localhostProfile?: string } | undefined,
): FieldErrors {
  if (annotation === undefined || profile === undefined) return;
  const { type = "", localhostProfile } = profile;
  const local = "localhost/";
  const isSame =
    type === "Localhost"
      ? annotation.startsWith(local)
      : (annotationsOf[what]?.[type]?.includes(annotation) ?? true);
  if (!isSame) yield forbiddenValue(`${field}.type`, `${what} type in annotation and field must match`);
  else if (type === "Localhost" && annotation.slice(local.length) !== localhostProfile)
    yield forbiddenValue(`${field}.localhostProfile`, `${what} profile in annotation and field must match`);
}
