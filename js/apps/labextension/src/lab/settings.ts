/** The settings of the panel as a person set them in JupyterLab. */

import type { Watched } from '../panel/host';
import { Source } from './source';
import type { SettingRegistry, Settings } from './types';

/**
 * Tells of the badges as soon as it is known what the person wants, and at each change; the page's
 * address is watched. Where nothing can be known they are on.
 */
export function watchSettings(
  registry: SettingRegistry | null,
  plugin: string,
  onBadges: (isOn: boolean) => void,
): { page: Watched<string> } {
  const page = new Source('');
  const read = (settings: Settings): void => {
    const { badges, page: address } = settings.composite;
    onBadges(badges !== false);
    page.set(typeof address === 'string' ? address : '');
  };
  const loading = registry
    ? registry.load(plugin)
    : Promise.reject<Settings>(new Error('There are none'));
  void loading.then(
    (settings) => {
      read(settings);
      settings.changed.connect(read as (sender: unknown) => void);
    },
    (error: unknown) => {
      onBadges(true);
      console.warn('The settings of Whence cannot be read', error);
    },
  );
  return { page };
}
