import { shortDigest } from '../format/digest';
import { CopyButton } from './CopyButton';

/** The start of a digest, with a button that copies all of it. */
export function Digest({ digest }: { digest: string }) {
  return (
    <span className="digest">
      <code title={digest}>{shortDigest(digest)}</code>
      <CopyButton text={digest} what="the digest" />
    </span>
  );
}
