import { objectIn, whenAbsent } from "../../../defaults/fill-in.ts";
import { volumeAttachmentColumns } from "./volume-attachment-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** Volumes that a driver attaches to nodes. */
export const volumeAttachmentKind: Kind = kind(
  "storage.k8s.io",
  "v1",
  "VolumeAttachment",
  "volumeattachments",
  "cluster",
  {
    idle: true,
    isRecord: true,
    defaults: (attachment) => whenAbsent(objectIn(attachment, "status"), "attached", false),
    loadRules: async () => {
      const { volumeAttachmentErrors, volumeAttachmentUpdateErrors } =
        await import("./volume-attachment-errors.ts");
      return { createErrors: volumeAttachmentErrors, updateErrors: volumeAttachmentUpdateErrors };
    },
    storage: {
      status: "isolated",
      newStatus: { attached: false },
      unconditionalUpdate: false,
      returnsDeleted: true,
    },
    columns: volumeAttachmentColumns,
  },
);
