/** Lays out in a worker where there is one; small graphs, and pages without workers, at once. */

import { layOut } from './nested';
import type { Layout, LayoutInput } from './types';

const SMALL = 400;

export class LayoutRunner {
  private worker: Worker | null = null;
  private broken = typeof Worker === 'undefined';
  private ticket = 0;
  private waiting: { input: LayoutInput; done: (layout: Layout) => void } | null = null;

  /** Calls `done` with the layout, unless a later request or `close` comes first. */
  run(input: LayoutInput, done: (layout: Layout) => void): void {
    this.ticket++;
    this.waiting = null;
    const worker = input.width.length + input.from.length > SMALL ? this.start() : null;
    if (!worker) {
      done(layOut(input));
      return;
    }
    this.waiting = { input, done };
    worker.postMessage({ ticket: this.ticket, input });
  }

  close(): void {
    this.waiting = null;
    this.worker?.terminate();
    this.worker = null;
  }

  private start(): Worker | null {
    if (this.broken || this.worker) return this.worker;
    try {
      this.worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    } catch {
      this.broken = true; // a content policy or an old browser: the page still draws
      return null;
    }
    this.worker.onmessage = ({ data }: MessageEvent<{ ticket: number; layout: Layout }>) => {
      if (data.ticket === this.ticket) this.finish(data.layout);
    };
    this.worker.onerror = () => {
      this.broken = true;
      this.worker?.terminate();
      this.worker = null;
      if (this.waiting) this.finish(layOut(this.waiting.input));
    };
    return this.worker;
  }

  private finish(layout: Layout): void {
    const waiting = this.waiting;
    this.waiting = null;
    waiting?.done(layout);
  }
}
