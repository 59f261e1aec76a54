/**
 * The container of this extension, as JupyterLab's loader wants one.
 *
 * JupyterLab adds the script that `jupyterlab._build.load` names to the page, takes
 * `window._JUPYTERLAB[name]`, gives it the scope of shared modules by `init`, and asks it for the
 * module that `jupyterlab._build.extension` names by `get`, which answers with a factory. That is
 * the interface of webpack's containers; nothing else of webpack is needed for it. The loader is
 * `bootstrap.js` and `index.js` in the `staging` folder of the `jupyterlab` package.
 */

import { SharedModules, type ShareScope } from './lab/shared';
import type { LabPlugin } from './lab/types';

/** Set by the build: the module with the extension, beside this script. */
declare const __ENTRY__: string;

interface Container {
  init(scope: ShareScope): void;
  get(module: string): Promise<() => unknown>;
}

interface Entry {
  extension(shared: SharedModules): Promise<LabPlugin>;
}

const NAME = '@whence/labextension';
const MODULE = './extension';
const here = (document.currentScript as HTMLScriptElement | null)?.src ?? document.baseURI;

function container(): Container {
  let given: ShareScope | null = null;
  return {
    init(scope) {
      if (given && given !== scope) throw new Error(`${NAME} already has another share scope`);
      given = scope;
    },
    async get(module) {
      if (module !== MODULE) throw new Error(`${NAME} has no module ${module}`);
      if (!given) throw new Error(`${NAME} was not initialized with a share scope`);
      const entry = (await import(/* @vite-ignore */ new URL(__ENTRY__, here).href)) as Entry;
      const plugin = await entry.extension(new SharedModules(given));
      return () => ({ __esModule: true, default: plugin });
    },
  };
}

const page = window as unknown as { _JUPYTERLAB?: Record<string, Container> };
page._JUPYTERLAB ??= {};
page._JUPYTERLAB[NAME] = container();
