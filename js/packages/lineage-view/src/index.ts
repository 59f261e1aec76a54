/** The shared drawing of lineage: one React component, no framework and no style sheet needed. */

export { LineageView } from './LineageView';
export { viewFromText, viewToText } from './interact/link';
export type {
  Camera,
  Collapsed,
  ColumnsShown,
  Completeness,
  Direction,
  GapNote,
  GroupBy,
  Highlight,
  Known,
  LineageEdge,
  LineageGraph,
  LineageHandle,
  LineageNode,
  LineageViewProps,
  LineageViewState,
  More,
  NodeType,
  Theme,
  Truncation,
} from './types';
