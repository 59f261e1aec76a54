import type { RunFields } from '@whence/api-client';

const PLAIN = /^\w[\w./-]*$/;

/** `metrics.acc`, or with a key in quotes where the filter language needs them. */
export function fieldName(space: string, key: string): string {
  return PLAIN.test(key) ? `${space}.${key}` : `${space}."${key.replaceAll('"', '""')}"`;
}

/** The space and the key of a field; a bare one is of the space `attributes`. */
export function splitField(field: string): { space: string; key: string } {
  const dot = field.indexOf('.');
  if (dot < 0) return { space: 'attributes', key: field };
  const key = field.slice(dot + 1);
  const quoted = /^"(.*)"$/s.exec(key);
  return {
    space: field.slice(0, dot),
    key: quoted ? (quoted[1] ?? '').replaceAll('""', '"') : key,
  };
}

const METRICS_AT_FIRST = 3;

/** The columns that are shown until others are chosen: with the first few metrics. */
export function columnsAtFirst(fields: RunFields): string[] {
  const metrics = fields.metrics.slice(0, METRICS_AT_FIRST);
  return [
    ...['name', 'status', 'start_time', 'duration'],
    ...metrics.map((key) => fieldName('metrics', key)),
    ...['inputs', 'outputs'],
  ];
}

/** All that a filter can name. */
export function allFields(fields: RunFields): string[] {
  return [
    ...fields.attributes,
    ...fields.params.map((key) => fieldName('params', key)),
    ...fields.metrics.map((key) => fieldName('metrics', key)),
    ...fields.tags.map((key) => fieldName('tags', key)),
  ];
}
