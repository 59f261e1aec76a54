import { useContext } from 'react';
import { FeedContext } from '../data/live';

const WORDS = {
  live: ['Live', 'What happens is shown as it happens'],
  polling: ['Polling', 'The live stream is broken; asking every 5 seconds'],
  gone: ['No server', 'The server does not answer; asking every 5 seconds'],
  off: ['', ''],
} as const;

/** Says whether the page moves by itself. */
export function LiveMark() {
  const { state } = useContext(FeedContext);
  const [word, title] = WORDS[state];
  return (
    <span className={`live live-${state}`} role="status" title={title}>
      {word}
    </span>
  );
}
