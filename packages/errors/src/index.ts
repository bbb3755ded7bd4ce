export { codes, exitCodes, type ErrorCode, type Fault } from "./codes.ts";
export { SeaworthyError, type ErrorDetails, type Place } from "./seaworthy-error.ts";
