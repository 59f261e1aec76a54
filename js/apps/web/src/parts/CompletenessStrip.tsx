import type { Completeness } from '@whence/api-client';
import { counted } from '../format/number';
import { Icon } from './Icon';
import { Text } from './Text';
import { meaningOfGap } from './gaps';

/** Says whether the record is whole, and if not, what is missing. */
export function CompletenessStrip({ completeness }: { completeness: Completeness }) {
  const { complete, gaps, truncated } = completeness;
  if (complete && gaps.length === 0 && truncated.length === 0) {
    return (
      <p className="strip strip-good">
        <Icon name="check" size={14} /> The record is complete: nothing is known to be missing.
      </p>
    );
  }
  const frontier = truncated.reduce((sum, cut) => sum + cut.frontier.length, 0);
  return (
    <div className="strip strip-warn" role="note">
      <Icon name={gaps.length > 0 ? 'warning' : 'info'} size={14} />
      <ul>
        {frontier > 0 && <li>{counted(frontier, 'thing')} more can be expanded.</li>}
        {gaps.slice(0, 6).map((gap, index) => (
          <li key={index}>
            {meaningOfGap(gap.code)}
            {gap.count > 1 && ` (${String(gap.count)} times)`}
            {gap.detail && (
              <>
                : <Text text={gap.detail} length={120} />
              </>
            )}
          </li>
        ))}
        {gaps.length > 6 && <li>and {counted(gaps.length - 6, 'more gap')}.</li>}
      </ul>
    </div>
  );
}
