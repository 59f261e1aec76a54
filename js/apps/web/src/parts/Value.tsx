import type { Json } from '@whence/api-client';
import { isNumeric, valueText } from '../format/value';
import { Digest } from './Digest';
import { Text } from './Text';

const IS_DIGEST = /^sha256:[0-9a-f]{64}$/;

/** A recorded value on one line; a number can be seen in full on hover. */
export function Value({ value, length = 160 }: { value: Json | undefined; length?: number }) {
  if (value === null || value === undefined) return <span className="faint">–</span>;
  if (isNumeric(value)) {
    return (
      <span className="number" title={String(value)}>
        {valueText(value)}
      </span>
    );
  }
  if (typeof value === 'string' && IS_DIGEST.test(value)) return <Digest digest={value} />;
  return <Text text={valueText(value)} length={length} />;
}
