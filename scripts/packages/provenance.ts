/** What was published, and of what. */
export interface Release {
  readonly tarballs: readonly { readonly file: string; readonly sha512: string }[];
  readonly commit: string;
  readonly node: string;
  readonly finishedOn: string;
}

/**
 * Says which commit tarballs were made of, unsigned: whoever has the commit can make them again and compare. What npm shows is
 * signed by the registry's own provenance, which needs the identity of a CI run.
 * https://slsa.dev/spec/v1.0/provenance in https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 */
export function provenanceOf({ tarballs, commit, node, finishedOn }: Release): object {
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: tarballs.map(({ file, sha512 }) => ({ name: file, digest: { sha512 } })),
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: "https://seaworthy.dev/build/pack/v1",
        externalParameters: { script: "scripts/release.ts" },
        internalParameters: { node },
        resolvedDependencies: [{ uri: "git+file:.", digest: { gitCommit: commit } }],
      },
      runDetails: { builder: { id: "https://seaworthy.dev/build/local" }, metadata: { finishedOn } },
    },
  };
}
