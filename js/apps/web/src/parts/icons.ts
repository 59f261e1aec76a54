/** Our icons: strokes on a grid of 16 by 16. */
export const PATHS = {
  runs: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  lineage:
    'M5 4h1.500c3 0 1.5 8 4.5 8M5 12h1.500c1.2 0 1.7-1 2-2M3.5 2.600a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.800M3.5 10.600a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.800M12.5 10.600a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8',
  impact:
    'M8 6.800a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.400M4.8 4.800a4.5 4.5 0 0 0 0 6.400M11.2 4.800a4.5 4.5 0 0 1 0 6.400M2.7 2.700a7.5 7.5 0 0 0 0 10.600M13.3 2.700a7.5 7.5 0 0 1 0 10.6',
  compare: 'M2.5 3h4v10h-4zM9.5 3h4v10h-4zM3.8 6h1.400M10.8 6h1.400M10.8 8.500h1.4',
  search: 'M7 2.500a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.4 10.4 14 14',
  sun: 'M8 5.200a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.600M8 1.200v1.400M8 13.400v1.400M1.2 8h1.400M13.4 8h1.400M3.2 3.200l1 1M11.8 11.800l1 1M3.2 12.800l1-1M11.8 4.200l1-1',
  moon: 'M13.5 9.600A5.8 5.8 0 0 1 6.4 2.500a5.8 5.8 0 1 0 7.1 7.100z',
  help: 'M8 1.800a6.2 6.2 0 1 0 0 12.400A6.2 6.2 0 0 0 8 1.800M6.2 6.200c.1-1 .8-1.6 1.8-1.600s1.8.6 1.8 1.600c0 1.3-1.8 1.4-1.8 2.800M8 11.300v.1',
  copy: 'M5.5 5.500h7v8h-7zM3.5 10.500v-8h7',
  check: 'M3 8.5 6.5 12 13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  dots: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  finished: 'M8 1.800a6.2 6.2 0 1 0 0 12.400A6.2 6.2 0 0 0 8 1.800M5.3 8.300l1.9 1.9 3.6-4',
  failed:
    'M8 1.800a6.2 6.2 0 1 0 0 12.400A6.2 6.2 0 0 0 8 1.800M5.9 5.900l4.2 4.200M10.1 5.900l-4.2 4.2',
  running: 'M8 1.800a6.2 6.2 0 0 1 6.2 6.200M8 14.200A6.2 6.2 0 0 1 1.8 8a6.2 6.2 0 0 1 2.6-5',
  interrupted: 'M8 1.800a6.2 6.2 0 1 0 0 12.400A6.2 6.2 0 0 0 8 1.800M5.2 8h5.6',
  up: 'M8 13V3M4 7l4-4 4 4',
  down: 'M8 3v10M4 9l4 4 4-4',
  left: 'M10 3.5 5.5 8l4.5 4.5',
  right: 'M6 3.5 10.5 8 6 12.5',
  columns: 'M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10',
  warning: 'M8 2.2 14.5 13.500h-13zM8 6.500v3.200M8 11.500v.1',
  info: 'M8 1.800a6.2 6.2 0 1 0 0 12.400A6.2 6.2 0 0 0 8 1.800M8 7.300v3.700M8 5v.1',
  retry: 'M13.2 8a5.2 5.2 0 1 1-1.6-3.700M13.5 2v3h-3',
  download: 'M8 2.500v7.5M4.8 7 8 10.2 11.2 7M2.8 13.200h10.4',
  external: 'M6.5 3.500h-3v9h9v-3M9.5 2.800h3.700v3.700M13 3 7.5 8.5',
  lock: 'M3.5 7.500h9v6h-9zM5.5 7.500V5.200a2.5 2.5 0 0 1 5 0v2.3',
  dataset:
    'M8 2c3 0 5 .9 5 2s-2 2-5 2-5-.9-5-2 2-2 5-2M3 4v8c0 1.1 2 2 5 2s5-.9 5-2V4M3 8c0 1.1 2 2 5 2s5-.9 5-2',
  file: 'M4 1.800h5l3.2 3.200v9.200H4zM9 1.800V5h3.2',
  model: 'M8 1.5 13.7 4.700v6.600L8 14.5 2.3 11.300V4.700zM2.3 4.7 8 8l5.7-3.300M8 8v6.5',
  run: 'M4.5 2.800v10.400L13 8z',
  code: 'M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5',
  metric: 'M2.5 13.500v-11M2.5 13.500h11M5 10l2.5-3 2 1.500L13 4',
  person:
    'M8 2a2.8 2.8 0 1 0 0 5.600A2.8 2.8 0 0 0 8 2M2.8 14c.4-2.8 2.4-4.2 5.2-4.200s4.8 1.4 5.2 4.2',
  package: 'M2.5 5 8 2.2 13.5 5v6L8 13.8 2.5 11zM2.5 5 8 7.8 13.5 5M8 7.800v6',
  table: 'M2.5 3h11v10h-11zM2.5 6.300h11M6.5 6.300V13',
  stage: 'M2.5 4h6v2.500h-6zM6 9.500h7.500V12H6z',
  thing: 'M8 3.200a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6',
} as const;

export type IconName = keyof typeof PATHS;

const OF_KIND: Record<string, IconName> = {
  run: 'run',
  dataset: 'dataset',
  frame: 'table',
  table: 'table',
  column: 'columns',
  file: 'file',
  model: 'model',
  checkpoint: 'model',
  code: 'code',
  commit: 'code',
  metric: 'metric',
  score: 'metric',
  person: 'person',
  environment: 'package',
  package: 'package',
  stage: 'stage',
  section: 'stage',
  epoch: 'stage',
};

/** The icon of a kind of thing; a ring for kinds that have none of their own. */
export function iconOfKind(kind: string): IconName {
  return OF_KIND[kind] ?? 'thing';
}
