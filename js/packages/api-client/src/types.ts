/**
 * The JSON of the server's answers.
 *
 * The shapes are those of its OpenAPI document (`npm run generate`). Where the document says only
 * "an object" or "a text", the type is refined here to what the server is known to send.
 */

import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** `T` with some of its fields refined; a field that the server no longer has is an error. */
type Refined<T, R extends Partial<Record<keyof T, unknown>>> = Omit<T, keyof R> & R;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Table = Record<string, Json>;

export type Known = 'observed' | 'declared' | 'inferred';
export type NodeType = 'entity' | 'activity' | 'agent';

export type AnswerNode = Refined<Schemas['AnswerNode'], { type: NodeType; attributes: Table }>;
export type AnswerEdge = Refined<Schemas['AnswerEdge'], { known: Known }>;
export type Gap = Schemas['GapNote'];
export type Truncation = Schemas['Truncation'];
export type Completeness = Schemas['Completeness'];
export type Statement = Schemas['CodeLine'];
/** Why an edge is there: the statements of the program that made it so. */
export type Ground = Schemas['Ground'];

interface Graph {
  query: Table;
  nodes: AnswerNode[];
  edges: AnswerEdge[];
}

/** A graph that answers a question; `grounds` where its edges rest on statements. */
export type Answer = Refined<Schemas['Answer'], Graph> & { grounds?: Ground[] };

export type MetricNumber = number | 'NaN' | 'Infinity' | '-Infinity';
export type MetricSummary = Schemas['Series'];

export type Sheet = Refined<Schemas['Sheet'], Graph & { params: Table; tags: Table; owner: Table }>;

export type FiveW = Refined<
  Schemas['FiveWOneH'],
  { what: Table; when: Table; why: Table; where: Table; who: Table; how: Table }
>;

/** The run in which a run took place, and which answers are that run's. */
export type PartOf = Schemas['PartOf'];

export type Flow = Schemas['Flow'];
export type FlowEdge = Schemas['FlowEdge'];
export type Evaluation = Schemas['Evaluation'];
export type SourceCall = Schemas['SourceCall'];
export type SinkCall = Schemas['SinkCall'];
export type ColumnUses = Schemas['ColumnUses'];
export type ColumnUse = Schemas['ColumnUse'];

export type Page = Refined<Schemas['RunPage'], { items: AnswerNode[] }>;
export type RunFields = Schemas['FieldNames'];
export type TimelineItem = Refined<
  Schemas['Span'],
  { parent: string | null; status: string | null }
>;
export type Timeline = Refined<Schemas['Timeline'], { items: TimelineItem[] }>;
export type CodeFile = Schemas['CodeFile'];
export type RunCode = Schemas['Code'];

export type Point = [step: number, value: number | string, at: string | null];
export type Series = Refined<Schemas['MetricSeries'], { points: Point[] }>;

export type CompareRow = Refined<Schemas['Row'], { values: (Json | undefined)[] }>;
export type Comparison = Refined<Schemas['Comparison'], { runs: AnswerNode[]; rows: CompareRow[] }>;

export type Project = Schemas['ProjectRow'];
export type Who = Schemas['Who'];
export type ServerFacts = Schemas['Server'];
export type ExportFormat = Schemas['FormatRow'];
export type Changed = Schemas['Changed'];
