import { useEffect, useState } from 'react';
import { ago, exact } from '../format/time';

/** A time as a person says it; the exact one on hover. */
export function Time({ at }: { at: string | null | undefined }) {
  const now = useNow();
  if (!at) return <span className="faint">–</span>;
  return (
    <time dateTime={at} title={exact(at)}>
      {ago(at, now)}
    </time>
  );
}

let current = Date.now();
const waiting = new Set<(now: number) => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

/** The time now; all that show one tick together, twice a minute. */
function useNow(): number {
  const [now, setNow] = useState(current);
  useEffect(() => {
    waiting.add(setNow);
    ticking ??= setInterval(() => {
      current = Date.now();
      waiting.forEach((tell) => tell(current));
    }, 30_000);
    return () => void waiting.delete(setNow);
  }, []);
  return Math.max(now, current);
}
