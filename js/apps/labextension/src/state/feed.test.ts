import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { OpenNotebook } from '../lab/notebook';
import type { ViewOptions } from './api';
import { Feed } from './feed';
import { cellWith, viewWith } from './fixture';
import type { Execution, NotebookView, Status } from './types';

const STATUS: Status = { version: '0', store: '/s', recording: true, session: 's1', add: '' };

class Server {
  asked: ViewOptions[] = [];
  status_: Status = STATUS;
  view_: NotebookView = viewWith({});
  failure: Error | null = null;

  status = (): Promise<Status> =>
    this.failure ? Promise.reject(this.failure) : Promise.resolve(this.status_);

  view = (_: string, options: ViewOptions): Promise<NotebookView> => {
    this.asked.push(options);
    const executions = this.view_.executions.slice(options.since ?? 0);
    return Promise.resolve({ ...this.view_, executions });
  };
}

const ran = (n: number, status = 'finished'): Execution => ({
  n,
  cell: `c${n}`,
  count: n,
  started_at: null,
  took_ms: 1,
  status,
  error: null,
});

const notebook = (path: string): OpenNotebook =>
  ({ path, name: path, cells: () => [] }) as unknown as OpenNotebook;

describe('what is known of a notebook', () => {
  let server: Server;
  let feed: Feed;
  const settle = () => vi.advanceTimersByTimeAsync(150);

  beforeEach(() => {
    vi.useFakeTimers();
    server = new Server();
    feed = new Feed(server);
  });
  afterEach(() => void vi.useRealTimers());

  test('comes when the notebook comes into view, and goes with it', async () => {
    feed.look(notebook('a.ipynb'));
    expect(feed.get().path).toBe('a.ipynb');
    await settle();
    expect(feed.get().status).toEqual(STATUS);
    feed.look(null);
    expect(feed.get().path).toBeNull();
  });

  test('is kept for a notebook that comes back into view', async () => {
    feed.look(notebook('a.ipynb'));
    await settle();
    feed.look(notebook('b.ipynb'));
    expect(feed.get().view).toBeNull();
    feed.look(notebook('a.ipynb'));
    expect(feed.get().view).not.toBeNull();
  });

  test('asks for no execution twice, except those that still ran', async () => {
    server.view_ = viewWith({ executions: [ran(1), ran(2), ran(3, 'running')] });
    feed.look(notebook('a.ipynb'));
    await settle();
    server.view_ = viewWith({ executions: [ran(1), ran(2), ran(3), ran(4)] });
    feed.refresh();
    await settle();
    expect(server.asked.map((one) => one.since)).toEqual([0, 2]);
    expect(feed.get().view?.executions.map((one) => one.status)).toEqual(Array(4).fill('finished'));
  });

  test('begins anew with another session', async () => {
    server.view_ = viewWith({ executions: [ran(1)] });
    feed.look(notebook('a.ipynb'));
    await settle();
    server.status_ = { ...STATUS, session: 's2' };
    feed.refresh();
    await settle();
    expect(server.asked.at(-1)).toMatchObject({ session: 's2', since: 0 });
  });

  test('asks again until what ran here is recorded, and not for ever', async () => {
    feed.look(notebook('a.ipynb'));
    await settle();
    feed.started('a.ipynb', 'c1', 'x = 1');
    expect(feed.get().running).toEqual(['c1']);
    feed.ended('a.ipynb', 'c1', 1);
    expect(feed.get().running).toEqual([]);
    await settle();
    const before = server.asked.length;
    server.view_ = viewWith({ cells: [cellWith('c1', { count: 1 })] });
    await vi.advanceTimersByTimeAsync(400);
    expect(server.asked.length).toBe(before + 1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.asked.length).toBe(before + 1);
  });

  test('keeps the last answer when the server fails, and says why', async () => {
    feed.look(notebook('a.ipynb'));
    await settle();
    server.failure = new Error('The store is away');
    feed.refresh();
    await settle();
    expect(feed.get()).toMatchObject({ failure: 'The store is away', status: STATUS });
  });

  test('tells what runs in a notebook that is out of view once it comes back', async () => {
    feed.look(notebook('a.ipynb'));
    feed.started('a.ipynb', 'c1', 'x = 1');
    feed.started('a.ipynb', 'c2', 'y = 1');
    feed.look(notebook('b.ipynb'));
    expect(feed.get().running).toEqual([]);
    feed.ended('a.ipynb', 'c1', 1);
    feed.look(notebook('a.ipynb'));
    expect(feed.get().running).toEqual(['c2']);
  });

  test('asks for one view at a time however many cells run', async () => {
    feed.look(notebook('a.ipynb'));
    await settle();
    const before = server.asked.length;
    for (let n = 0; n < 50; n++) feed.refresh();
    await settle();
    expect(server.asked.length).toBe(before + 1);
  });
});
