import { Command, Empty } from '../parts/Empty';

/** No run is here: nothing was recorded yet, or the filter lets none through. */
export function NoRuns({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered) {
    return (
      <Empty icon="search" title="No run fits the filter">
        <p>The filter is right, but it holds of no run.</p>
        <button type="button" onClick={onClear}>
          Show all runs
        </button>
      </Empty>
    );
  }
  return (
    <Empty icon="run" title="No run yet">
      <p>Put two words before the command you type anyway. It shows up here as it runs.</p>
      <Command>whence run train.py</Command>
    </Empty>
  );
}
