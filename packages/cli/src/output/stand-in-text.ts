/** What stand-ins mean for a trial, before their images are named. */
export const standInText = "run as stand-ins, so that this tries the manifests, not the apps";
