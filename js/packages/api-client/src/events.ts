import type { Changed } from './types';
import type { Transport } from './transport';

/** What may have changed while nobody listened. */
const ANYTHING: Changed = { runs: [], at: '' };

/**
 * Calls `changed` after each change that the server tells of; returns what ends it.
 *
 * It is also called as soon as the server listens to us: what was asked before may be out of date.
 *
 * Reads the stream by fetch, because an EventSource cannot send a token. Where the stream breaks,
 * it opens again after a wait that doubles up to half a minute; `down` hears of it, so that the
 * caller can poll meanwhile. The server ends a stream now and then: that is no break.
 */
export function listen(
  transport: Transport,
  url: string,
  changed: (event: Changed) => void,
  down: (isDown: boolean) => void = () => undefined,
): () => void {
  const stop = new AbortController();
  void follow(transport, url, changed, down, stop.signal);
  return () => stop.abort();
}

async function follow(
  transport: Transport,
  url: string,
  changed: (event: Changed) => void,
  down: (isDown: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  let wait = 1000;
  while (!signal.aborted) {
    try {
      const response = await transport.open(url, 'text/event-stream', { signal });
      down(false);
      wait = 1000;
      if (response.body) await read(response.body, changed);
    } catch {
      if (signal.aborted) return;
      down(true);
      wait = Math.min(wait * 2, 30_000);
    }
    await pause(wait, signal);
  }
}

async function read(
  body: ReadableStream<Uint8Array>,
  changed: (event: Changed) => void,
): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (let first = true; ; first = false) {
    const { done, value } = await reader.read();
    if (done) return;
    if (first) changed(ANYTHING);
    rest += decoder.decode(value, { stream: true });
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event) changed(event);
    }
  }
}

/** The change that one block of an event stream tells of, or null of a comment or another event. */
export function parseEvent(block: string): Changed | null {
  let name = 'message';
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith('event:')) name = line.slice(6).trim();
    else if (line.startsWith('data:')) data.push(line.slice(5).trimStart());
  }
  if (name !== 'changed' || data.length === 0) return null;
  try {
    return JSON.parse(data.join('\n')) as Changed;
  } catch {
    return null;
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
