/** The panel as a widget of JupyterLab's side bar. What it shows is loaded when it is first seen. */

import type { Host } from '../panel/host';
import icon from './icon.svg?raw';
import type { UiComponents, Widget, Widgets } from './types';

const LEAST_WIDTH = '380px';

export function panelWidget(
  { Widget: Base }: Widgets,
  { LabIcon }: UiComponents,
  host: Host,
): { widget: Widget; icon: object } {
  const node = document.createElement('div');
  const widget = new Base({ node });
  const flow = new LabIcon({ name: 'whence:flow', svgstr: icon });
  node.style.minWidth = LEAST_WIDTH; // lumino asks before the style sheet is there
  widget.id = 'whence-panel';
  widget.addClass('whence-panel');
  widget.title.icon = flow;
  widget.title.caption = 'Whence: where data and models come from';
  node.setAttribute('role', 'region');
  node.setAttribute('aria-label', 'Whence');
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    void import('../panel/mount').then(({ mount }) => {
      const unmount = mount(node, host);
      widget.disposed.connect(unmount);
    });
  });
  seen.observe(node);
  return { widget, icon: flow };
}
