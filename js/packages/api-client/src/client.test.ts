import { describe, expect, it } from 'vitest';
import { ApiError, WhenceClient, parseEvent, queryString } from './index';

describe('a query string', () => {
  it('leaves out what is not there and repeats the key of a list', () => {
    expect(queryString({ run: ['a', 'b&c'], depth: 2, filter: '', x: undefined })).toBe(
      '?run=a&run=b%26c&depth=2',
    );
    expect(queryString({})).toBe('');
  });
});

describe('an event block', () => {
  it('is a change only when its name says so', () => {
    expect(parseEvent('event: changed\ndata: {"runs":["r"],"at":"t"}')).toEqual({
      runs: ['r'],
      at: 't',
    });
    expect(parseEvent(': still here')).toBeNull();
    expect(parseEvent('event: other\ndata: {}')).toBeNull();
    expect(parseEvent('event: changed\ndata: {broken')).toBeNull();
  });
});

describe('the client', () => {
  it('sends the token and escapes names in the path', async () => {
    let asked: [string, Record<string, string>] = ['', {}];
    const client = new WhenceClient({
      token: () => 'wh_1',
      fetch: (url, init) => {
        asked = [String(url), init?.headers as Record<string, string>];
        return Promise.resolve(Response.json({ items: [], next: null, total: 0 }));
      },
    });
    await client.project('a/b').runs({ filter: "name = 'x'" });
    expect(asked).toEqual([
      '/api/v1/projects/a%2Fb/runs?filter=name+%3D+%27x%27',
      { Accept: 'application/json', Authorization: 'Bearer wh_1' },
    ]);
  });

  it('proves that what changes something comes from this page', async () => {
    const asked: unknown[] = [];
    const client = new WhenceClient({
      fetch: (url, init) => {
        asked.push([init?.method, url, (init?.headers as Record<string, string>)['X-Whence']]);
        return Promise.resolve(new Response(null, { status: 204 }));
      },
    });
    await client.signIn('wh_1');
    await client.signOut();
    expect(asked).toEqual([
      ['POST', '/api/v1/session', '1'],
      ['DELETE', '/api/v1/session', '1'],
    ]);
  });

  it('tells a problem in the words of the server', async () => {
    const problem = { title: 'Bad filter', code: 'filter', detail: 'Column 3: expected a field' };
    const client = new WhenceClient({
      fetch: () => Promise.resolve(Response.json(problem, { status: 400 })),
    });
    const error = await client.projects().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 400, code: 'filter', detail: problem.detail });
  });

  it('says so when nobody answers', async () => {
    const client = new WhenceClient({ fetch: () => Promise.reject(new TypeError('refused')) });
    await expect(client.facts()).rejects.toMatchObject({ code: 'unreachable', passing: true });
  });

  it('tells of anything as soon as it is listened to, and of each change after', async () => {
    const said = [': here\n\n', 'event: changed\ndata: {"runs":["r"],"at":"t"}\n\n'];
    const client = new WhenceClient({ fetch: () => Promise.resolve(streamOf(said)) });
    const heard: string[][] = [];
    await new Promise<void>((done) => {
      const stop = client.project('p').listen(({ runs }) => {
        heard.push(runs);
        if (heard.length === 2) done(stop());
      });
    });
    expect(heard).toEqual([[], ['r']]);
  });
});

function streamOf(pieces: readonly string[]): Response {
  const encoder = new TextEncoder();
  const start = (controller: ReadableStreamDefaultController<Uint8Array>) =>
    pieces.forEach((piece) => controller.enqueue(encoder.encode(piece)));
  return new Response(new ReadableStream<Uint8Array>({ start }));
}
