import { invalidValue, type FieldErrors } from "../../../field-error.ts";
import { byteLength } from "../../../meta/names.ts";

const longestDomain = 255;
const longestUser = 104;
const netBios = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const dnsDomain =
  /^[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?)*$/;

/** What is wrong with the name of a user of Windows, `DOMAIN\user` or `user`. */
export function* windowsUserErrors(field: string, name: string): FieldErrors {
  const parts = name.split("\\");
  const invalid = (detail: string): ReturnType<typeof invalidValue> => invalidValue(field, name, detail);
  if (name === "") return yield invalid("runAsUserName cannot be an empty string");
  // eslint-disable-next-line no-control-regex -- control characters are what is refused.
  if (/[\u0000-\u001f\u007f]/.test(name))
    return yield invalid("runAsUserName cannot contain control characters");
  if (parts.length > 2) return yield invalid("runAsUserName cannot contain more than one backslash");
  const user = parts.at(-1) ?? "";
  const domain = parts.length === 2 ? (parts[0] ?? "") : undefined;
  if (byteLength(domain ?? "") > longestDomain)
    yield invalid(`runAsUserName's Domain length must be under ${longestDomain + 1} characters`);
  if (domain !== undefined && !netBios.test(domain) && !dnsDomain.test(domain))
    yield invalid("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  if (user === "") yield invalid("runAsUserName's User cannot be empty");
  else if (byteLength(user) > longestUser)
    yield invalid(`runAsUserName's User length must not be longer than ${longestUser} characters`);
  if (/^[. ]+$/.test(user)) yield invalid("runAsUserName's User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user))
    yield invalid("runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]");
}
