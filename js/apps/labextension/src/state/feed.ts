/** What is known of the notebook in view, kept up to date as its cells run. */

import type { OpenNotebook } from '../lab/notebook';
import type { Api } from './api';
import { factsOf, Texts, type LiveFact } from './live';
import type { NotebookView, Status } from './types';

export interface Shown {
  readonly path: string | null;
  readonly name: string;
  readonly status: Status | null;
  readonly view: NotebookView | null;
  /** Why there is no newer answer. */
  readonly failure: string | null;
  /** Ids of the cells that run or wait to run. */
  readonly running: readonly string[];
  /** The cells as they are in the notebook now, in its order. */
  readonly live: readonly LiveFact[];
}

const NOTHING: Shown = {
  path: null,
  name: '',
  status: null,
  view: null,
  failure: null,
  running: [],
  live: [],
};

/** While cells run, the server is asked at most this often. */
const PACE_MS = 400;
/** What a cell did takes a moment to be recorded; then we ask again, less and less often. */
const AGAIN_MS: readonly number[] = [300, 700, 1500, 3000, 6000];

type Asks = Pick<Api, 'status' | 'view'>;

export class Feed {
  private shown = NOTHING;
  private notebook: OpenNotebook | null = null;
  private readonly kept = new Map<string, Shown>();
  private readonly heard = new Set<() => void>();
  /** By cell id: the count that its last execution here had. */
  private readonly wanted = new Map<string, number>();
  private readonly texts = new Map<string, Texts>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isAsking = false;
  private isAskedAgain = false;
  private tries = 0;
  private history = false;

  constructor(private readonly api: Asks) {}

  readonly get = (): Shown => this.shown;

  readonly subscribe = (tell: () => void): (() => void) => {
    this.heard.add(tell);
    return () => void this.heard.delete(tell);
  };

  /** Another notebook came into view; what was known of it is shown until the answer comes. */
  look(notebook: OpenNotebook | null): void {
    this.notebook = notebook;
    this.wanted.clear();
    if (!notebook) {
      this.set(NOTHING);
      return;
    }
    const { path, name } = notebook;
    const known = this.kept.get(path) ?? { ...NOTHING, path, name };
    this.set({ ...known, live: this.facts(notebook, known.view) });
    this.refresh();
  }

  /** A cell of a notebook begins to run, or waits for its turn, with this text. */
  started(path: string, id: string, text: string): void {
    this.textsOf(path).started(id, text);
    this.change(path, ({ running }) => (running.includes(id) ? running : [...running, id]));
  }

  /** A cell came to its end; `count` is the number that the kernel gave it. */
  ended(path: string, id: string, count: number | null): void {
    this.textsOf(path).ended(id, count);
    this.change(path, ({ running }) => running.filter((one) => one !== id));
    if (path !== this.shown.path) return;
    if (count !== null) this.wanted.set(id, count);
    this.refresh();
  }

  /** The kernel is another, or gone: nothing runs any more. */
  kernelChanged(): void {
    this.wanted.clear();
    this.set({ ...this.shown, running: [] });
    this.refresh();
    for (const wait of AGAIN_MS.slice(2)) setTimeout(() => this.refresh(), wait);
  }

  /** Text or order of the cells changed. */
  contentChanged(): void {
    if (!this.notebook) return;
    this.set({ ...this.shown, live: this.facts(this.notebook, this.shown.view) });
  }

  /** Whether the graph is to have every execution, and not the last of each cell alone. */
  setHistory(history: boolean): void {
    this.history = history;
    this.refresh();
  }

  /** Asks anew, soon. */
  refresh(): void {
    this.tries = 0;
    this.plan(PACE_MS / 4);
  }

  private plan(wait: number): void {
    if (this.isAsking) this.isAskedAgain = true;
    else this.timer ??= setTimeout(() => void this.ask(), wait);
  }

  private async ask(): Promise<void> {
    const { notebook } = this;
    this.timer = null;
    if (!notebook) return;
    this.isAsking = true;
    this.isAskedAgain = false;
    const { path } = notebook;
    try {
      const status = await this.api.status(path);
      const view = status.session === null ? null : await this.view(path, status.session);
      this.take(notebook, path, { status, view, failure: null });
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      this.take(notebook, path, { failure });
    }
    this.isAsking = false;
    if (this.isAskedAgain) this.plan(PACE_MS);
    else this.tryAgain();
  }

  /** The view of a session; executions that are known and done are not sent again. */
  private async view(path: string, session: string): Promise<NotebookView> {
    const { history } = this;
    const known = this.shown.view?.session.id === session ? this.shown.view.executions : [];
    const going = known.findIndex((one) => one.status === 'running');
    const done = going < 0 ? known : known.slice(0, going);
    const view = await this.api.view(path, { session, history, since: done.length });
    return { ...view, executions: [...done, ...view.executions] };
  }

  private facts(notebook: OpenNotebook, view: NotebookView | null): LiveFact[] {
    return factsOf(notebook.cells(), view, this.textsOf(notebook.path));
  }

  private textsOf(path: string): Texts {
    const known = this.texts.get(path) ?? new Texts();
    this.texts.set(path, known);
    return known;
  }

  private take(from: OpenNotebook, path: string, part: Partial<Shown>): void {
    if (from !== this.notebook || from.path !== path) return;
    const { name } = from;
    const next = { ...this.shown, ...part, path, name };
    this.set({ ...next, live: this.facts(from, next.view) });
  }

  /** Until what has run here is in the answer. */
  private tryAgain(): void {
    const { status, view } = this.shown;
    for (const cell of view?.cells ?? []) {
      const count = this.wanted.get(cell.id);
      if (count !== undefined && (cell.count ?? 0) >= count && cell.state !== 'running')
        this.wanted.delete(cell.id);
    }
    const wait = AGAIN_MS[this.tries++];
    const isOver = this.notebook !== null && !this.notebook.isBusy;
    const isBehind = isOver && view?.cells.some((cell) => cell.state === 'running');
    if (wait === undefined || (this.wanted.size === 0 && !isBehind)) return;
    if (status?.recording || this.tries < 3) this.plan(wait);
  }

  private change(path: string, running: (known: Shown) => readonly string[]): void {
    const known = path === this.shown.path ? this.shown : this.kept.get(path);
    if (!known) return;
    const next = { ...known, running: running(known) };
    if (path === this.shown.path) this.set(next);
    else this.kept.set(path, next);
  }

  private set(next: Shown): void {
    this.shown = next;
    if (next.path !== null) this.kept.set(next.path, next);
    for (const tell of this.heard) tell();
  }
}
