/** A volume cannot be set up (yet). `reason` is that of the event which says so. */
export class VolumeError extends Error {
  override readonly name = "VolumeError";
  readonly reason: "FailedMount" | "FailedAttachVolume";
  constructor(reason: VolumeError["reason"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
