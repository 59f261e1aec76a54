/** `4bd96b7d69`: enough of `sha256:4bd96b…` to tell two things apart by eye. */
export function shortDigest(digest: string): string {
  return digest.replace(/^[a-z0-9]+:/, '').slice(0, 10);
}

/** `01a1fedf-aaf6`: runs begin with their time, so two of one minute need the second group. */
export function shortId(id: string): string {
  return id.slice(0, 13);
}
