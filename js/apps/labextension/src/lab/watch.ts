/** Tells the feed what happens in JupyterLab's notebooks. */

import type { Feed } from '../state/feed';
import { OpenNotebook } from './notebook';
import type { Cell, Lab, Notebook, NotebookPanel, Notebooks, NotebookTracker } from './types';

const TYPING_MS = 400;

export function watchNotebooks(
  app: Lab,
  { NotebookActions }: Notebooks,
  tracker: NotebookTracker,
  feed: Feed,
): void {
  const pathOf = (notebook: Notebook): string | null => {
    const panel = tracker.find(({ content }) => content === notebook);
    return panel ? new OpenNotebook(app, panel).path : null;
  };
  NotebookActions.executionScheduled.connect((_, { notebook, cell }) => {
    const path = pathOf(notebook);
    const { id, sharedModel } = cell.model;
    if (path !== null) feed.started(path, id, sharedModel.getSource());
  });
  NotebookActions.executed.connect((_, { notebook, cell }) => {
    const path = pathOf(notebook);
    if (path !== null) feed.ended(path, cell.model.id, countOf(cell));
  });
  const follow = (panel: NotebookPanel): void => watchPanel(panel, tracker, feed);
  tracker.widgetAdded.connect((_, panel) => follow(panel));
  tracker.currentChanged.connect((_, panel) => {
    feed.look(panel ? new OpenNotebook(app, panel) : null);
  });
  if (tracker.currentWidget) feed.look(new OpenNotebook(app, tracker.currentWidget));
}

function watchPanel(panel: NotebookPanel, tracker: NotebookTracker, feed: Feed): void {
  const isCurrent = (): boolean => tracker.currentWidget === panel;
  let typing: ReturnType<typeof setTimeout> | undefined;
  panel.sessionContext.kernelChanged.connect(() => {
    if (isCurrent()) feed.kernelChanged();
  });
  panel.sessionContext.statusChanged.connect((_, status) => {
    if (isCurrent() && ['restarting', 'autorestarting', 'dead'].includes(status))
      feed.kernelChanged();
    if (isCurrent() && status === 'idle') feed.refresh();
  });
  panel.context.saveState.connect((_, state) => {
    if (isCurrent() && state === 'completed') feed.refresh();
  });
  const changed = (): void => {
    clearTimeout(typing);
    typing = setTimeout(() => {
      if (isCurrent()) feed.contentChanged();
    }, TYPING_MS);
  };
  void panel.context.ready.then(() => {
    panel.model?.contentChanged.connect(changed);
    if (isCurrent()) feed.contentChanged();
  });
}

function countOf(cell: Cell): number | null {
  return cell.model.executionCount ?? null;
}
