import type { Json } from '@whence/api-client';
import { number } from './number';

/** One line for a JSON value: numbers as numbers are read, texts bare, the rest as JSON. */
export function valueText(value: Json | undefined): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object' || one === null)) {
    return value.map((one) => valueText(one)).join(', ');
  }
  return JSON.stringify(value);
}

/** Numbers stand on the right of their column. */
export function isNumeric(value: Json | undefined): boolean {
  return (
    typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity'
  );
}

/** The value of a metric as a number; the server writes what JSON cannot hold as a word. */
export function metricNumber(value: number | string | null | undefined): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? Number(value) : NaN;
}
