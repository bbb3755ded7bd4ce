/** A text with manifests. */
export interface ManifestSource {
  /** For places: a path as the user would write it, `<stdin>`, or the command that made the text. */
  readonly name: string;
  readonly text: string;
  /** Whether a user named it, and so means it; else it was found in a folder, where other things may lie beside it. */
  readonly isNamed: boolean;
  /** The file that holds it; what is rendered or comes from stdin has none. */
  readonly path?: string;
}
