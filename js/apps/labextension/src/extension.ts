/** The plugin that JupyterLab starts: the command, the panel, the badges, and what keeps them live. */

import { Badges } from './lab/badges';
import { OpenNotebook } from './lab/notebook';
import { panelWidget } from './lab/panel';
import { watchSettings } from './lab/settings';
import type { SharedModules } from './lab/shared';
import { Source } from './lab/source';
import { watchTheme } from './lab/theme';
import type {
  Application,
  AppUtils,
  Lab,
  LabPlugin,
  Notebooks,
  NotebookTracker,
  Palette,
  Restorer,
  Services,
  SettingRegistry,
  SettingRegistryModule,
  ThemeManager,
  UiComponents,
  Widgets,
} from './lab/types';
import { watchNotebooks } from './lab/watch';
import type { Place } from './panel/host';
import { Api } from './state/api';
import { Feed } from './state/feed';

const ID = '@whence/labextension:plugin';
const OPEN = 'whence:open';

export async function extension(shared: SharedModules): Promise<LabPlugin> {
  const [notebooks, apputils, application, registry, services, ui, widgets] = await Promise.all([
    shared.take<Notebooks>('@jupyterlab/notebook'),
    shared.take<AppUtils>('@jupyterlab/apputils'),
    shared.take<Application>('@jupyterlab/application'),
    shared.take<SettingRegistryModule>('@jupyterlab/settingregistry'),
    shared.take<Services>('@jupyterlab/services'),
    shared.take<UiComponents>('@jupyterlab/ui-components'),
    shared.take<Widgets>('@lumino/widgets'),
  ]);

  function activate(
    app: Lab,
    tracker: NotebookTracker,
    palette: Palette | null,
    restorer: Restorer | null,
    themes: ThemeManager | null,
    settingsOf: SettingRegistry | null,
  ): void {
    const api = new Api(services, app.serviceManager.serverSettings);
    const feed = new Feed(api);
    const badges = new Badges();
    const { page } = watchSettings(settingsOf, ID, (isOn) => {
      badges.on = isOn;
      showBadges();
    });
    const current = () =>
      tracker.currentWidget ? new OpenNotebook(app, tracker.currentWidget) : null;
    const showBadges = () => badges.show(current()?.cells() ?? [], feed.get());
    const place = new Source<Place>('side');
    const panel = panelWidget(widgets, ui, {
      place,
      move: () => {
        place.set(place.get() === 'side' ? 'below' : 'side');
        put();
      },
      feed,
      api,
      page,
      look: watchTheme(themes),
      go: (cell) => void current()?.go(cell),
      insertFirst: (text) => current()?.insertFirst(text),
    });
    const put = (): void => {
      const isBelow = place.get() === 'below';
      panel.widget.title.label = isBelow ? 'Whence' : '';
      panel.widget.title.closable = isBelow;
      panel.widget.node.classList.toggle('is-below', isBelow);
      if (isBelow) {
        const ref = tracker.currentWidget?.id ?? null;
        app.shell.add(panel.widget, 'main', { mode: 'split-bottom', ref });
      } else app.shell.add(panel.widget, 'right', { rank: 700 });
      app.shell.activateById(panel.widget.id);
    };
    app.shell.add(panel.widget, 'right', { rank: 700 });
    restorer?.add(panel.widget, 'whence-panel');
    app.commands.addCommand(OPEN, {
      label: 'Show where this notebook’s data comes from',
      caption: 'Whence: the flow, state and history of this notebook',
      icon: panel.icon,
      execute: () => {
        if (!panel.widget.isAttached) place.set('side');
        if (panel.widget.isAttached) app.shell.activateById(panel.widget.id);
        else put();
      },
    });
    palette?.addItem({ command: OPEN, category: 'Whence' });
    feed.subscribe(showBadges);
    watchNotebooks(app, notebooks, tracker, feed);
  }

  return {
    id: ID,
    description: 'Where the data, variables and models of a notebook come from.',
    autoStart: true,
    requires: [notebooks.INotebookTracker],
    optional: [
      apputils.ICommandPalette,
      application.ILayoutRestorer,
      apputils.IThemeManager,
      registry.ISettingRegistry,
    ],
    activate: activate as LabPlugin['activate'],
  };
}
