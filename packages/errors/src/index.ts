export { codes, exitCodes, type ErrorCode, type Fault } from "./codes.ts";
export { formatNotice, type Notice } from "./notice.ts";
export { SeaworthyError, type ErrorDetails, type Place } from "./seaworthy-error.ts";
export { shellWord } from "./shell-word.ts";
