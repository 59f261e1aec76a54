/** Asks the server extension, as the person that JupyterLab knows. */

import type { ServerSettings, Services } from '../lab/types';
import type { Compared, NotebookView, SameItem, Session, Status } from './types';

const BASE = 'whence/api/';
type Query = Readonly<Record<string, string | number | undefined>>;

export interface ViewOptions {
  readonly session: string;
  /** The state after so many executions. */
  readonly at?: number;
  /** Executions up to this one are not listed. */
  readonly since?: number;
  /** Every execution in the graph, not the last of each cell alone. */
  readonly history?: boolean;
}

/** An answer that is no success; the message is for the person. */
export class ApiFailure extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export class Api {
  constructor(
    private readonly services: Services,
    private readonly settings: ServerSettings,
  ) {}

  status(path: string): Promise<Status> {
    return this.json('status', { path });
  }

  async sessions(path: string): Promise<readonly Session[]> {
    return (await this.json<{ sessions: Session[] }>('sessions', { path })).sessions;
  }

  view(path: string, options: ViewOptions): Promise<NotebookView> {
    const { session, at, since, history } = options;
    return this.json('view', { path, session, at, since, history: history ? 1 : undefined });
  }

  compareSessions(left: string, right: string): Promise<Compared> {
    return this.json('compare', { left, right });
  }

  compareExecutions(session: string, left: number, right: number): Promise<Compared> {
    return this.json('compare', { session, left, right });
  }

  async same(path: string): Promise<readonly SameItem[]> {
    return (await this.json<{ items: SameItem[] }>('same', { path })).items;
  }

  async exported(session: string, format: string): Promise<Blob> {
    return (await this.ask('export', { session, format })).blob();
  }

  private async json<Answer>(route: string, query: Query): Promise<Answer> {
    return (await (await this.ask(route, query)).json()) as Answer;
  }

  private async ask(route: string, query: Query): Promise<Response> {
    const given = Object.entries(query).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)]],
    );
    const url = `${this.settings.baseUrl}${BASE}${route}?${new URLSearchParams(given)}`;
    const { ServerConnection } = this.services;
    const answer = await ServerConnection.makeRequest(url, { method: 'GET' }, this.settings);
    if (!answer.ok) throw new ApiFailure(answer.status, await saidBy(answer));
    return answer;
  }
}

/** What an answer that failed says, in one line. */
async function saidBy(answer: Response): Promise<string> {
  if (answer.status === 404 && !answer.headers.get('Content-Type')?.includes('json'))
    return 'The Jupyter server does not answer for Whence: its extension is not enabled there.';
  try {
    const { detail, message } = (await answer.json()) as { detail?: unknown; message?: unknown };
    const text = detail ?? message;
    if (typeof text === 'string' && text) return text;
  } catch {
    // no JSON: the status has to do
  }
  return `The Jupyter server answered ${answer.status} ${answer.statusText}`.trim();
}
