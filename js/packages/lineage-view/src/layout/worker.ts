/** The layout off the main thread: takes `{ticket, input}`, gives `{ticket, layout}`. */

import { layOut } from './nested';
import type { LayoutInput } from './types';

const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<{ ticket: number; input: LayoutInput }>) => void) | null;
  postMessage(message: unknown, transfer: Transferable[]): void;
};

scope.onmessage = ({ data: { ticket, input } }) => {
  const layout = layOut(input);
  const { x, y, width, height, route, start, back } = layout;
  const buffers = [x, y, width, height, route, start, back].map((all) => all.buffer as ArrayBuffer);
  scope.postMessage({ ticket, layout }, buffers);
};
