import type * as t from './types';
import { listen } from './events';
import type { Parameter } from './query';
import type { Transport } from './transport';

export interface RunQuery {
  filter?: string;
  order_by?: string;
  limit?: number;
  cursor?: string | null;
  /** Leave out so many runs from the first, for far jumps; not with a cursor. */
  offset?: number;
  whole?: boolean;
  total?: boolean;
}

export interface LineageQuery {
  depth?: number;
  limit?: number;
  all_versions?: boolean;
  columns?: boolean;
}

type Signal = AbortSignal | undefined;

/** The questions that one project answers. */
export class ProjectApi {
  constructor(
    private readonly transport: Transport,
    readonly name: string,
  ) {}

  runs = (query: RunQuery, signal?: Signal) => this.get<t.Page>('/runs', { ...query }, signal);
  runFields = (signal?: Signal) => this.get<t.RunFields>('/runs/fields', {}, signal);
  run = (id: string, signal?: Signal) => this.get<t.Sheet>(`/runs/${part(id)}`, {}, signal);
  code = (id: string, signal?: Signal) => this.get<t.RunCode>(`/runs/${part(id)}/code`, {}, signal);
  timeline = (id: string, limit?: number, signal?: Signal) =>
    this.get<t.Timeline>(`/runs/${part(id)}/timeline`, { limit }, signal);
  metrics = (run: string[], key: string[], points?: number, signal?: Signal) =>
    this.get<{ series: t.Series[] }>('/metrics', { run, key, points }, signal);
  show = (thing: string, signal?: Signal) => this.get<t.Sheet>('/show', { thing }, signal);
  fiveW = (thing: string, signal?: Signal) => this.get<t.FiveW>('/5w1h', { thing }, signal);
  trace = (thing: string, query: LineageQuery = {}, signal?: Signal) =>
    this.get<t.Answer>('/trace', { thing, ...query }, signal);
  impact = (thing: string, query: LineageQuery = {}, signal?: Signal) =>
    this.get<t.Answer>('/impact', { thing, ...query }, signal);
  why = (source: string, target: string, signal?: Signal) =>
    this.get<t.Answer>('/why', { source, target }, signal);
  flow = (thing: string, signal?: Signal) => this.get<t.Flow>('/flow', { thing }, signal);
  columns = (thing: string, signal?: Signal) =>
    this.get<t.ColumnUses>('/columns', { thing }, signal);
  compare = (run: string[], signal?: Signal) => this.get<t.Comparison>('/compare', { run }, signal);
  search = (text: string, limit?: number, signal?: Signal) =>
    this.get<t.Answer>('/search', { text, limit }, signal);
  formats = (signal?: Signal) => this.get<t.ExportFormat[]>('/formats', {}, signal);

  /** The document of a thing in one of the `formats`, under the name that the server gives it. */
  exportDocument = async (
    thing: string,
    format: string,
    withUpstream: boolean,
    signal?: Signal,
  ): Promise<{ blob: Blob; name: string }> => {
    const url = this.url('/export', { thing, format, with_upstream: withUpstream });
    const response = await this.transport.open(url, '*/*', { signal: signal ?? null });
    const told = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '');
    return { blob: await response.blob(), name: told?.[1] ?? 'export' };
  };

  /** Calls `changed` after each change in this project; returns what ends it. */
  listen(changed: (event: t.Changed) => void, down?: (isDown: boolean) => void): () => void {
    return listen(this.transport, this.url('/events'), changed, down);
  }

  private url(path: string, parameters: Readonly<Record<string, Parameter>> = {}): string {
    return this.transport.url(`/projects/${part(this.name)}${path}`, parameters);
  }

  private get<T>(
    path: string,
    parameters: Readonly<Record<string, Parameter>>,
    signal: Signal,
  ): Promise<T> {
    return this.transport.json<T>(this.url(path, parameters), signal);
  }
}

const part = encodeURIComponent;
