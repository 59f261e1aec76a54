/** The panel in an element of the page; a file of its own, loaded when the panel is first seen. */

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { HostProvider, type Host } from './host';
import { Panel } from './Panel';
import { adoptSheet } from '../lab/sheet';
import base from './base.css?inline';
import frame from './frame.css?inline';
import parts from './parts.css?inline';

export function mount(element: HTMLElement, host: Host): () => void {
  adoptSheet([base, frame, parts].join('\n'));
  const root = createRoot(element);
  root.render(
    <StrictMode>
      <HostProvider value={host}>
        <Panel />
      </HostProvider>
    </StrictMode>,
  );
  return () => root.unmount();
}
