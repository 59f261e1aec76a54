import { useContext } from 'react';
import { FeedContext } from '../data/live';

/** Says that the server does not answer, for as long as it does not. */
export function ServerGone() {
  const { state } = useContext(FeedContext);
  if (state !== 'gone') return null;
  return (
    <p className="server-gone" role="alert">
      The server does not answer. What is shown is as it was; the page goes on by itself once the
      server is back.
    </p>
  );
}
