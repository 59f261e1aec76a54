/**
 * What the panel uses of JupyterLab 4, and nothing else of it. JupyterLab's own declarations would
 * bring half a gigabyte of packages; that these are true is held by `tests/e2e/lab`, which drives
 * the panel in a real JupyterLab.
 */

export interface Signal<Sender, Args> {
  connect(slot: (sender: Sender, args: Args) => void): boolean;
  disconnect(slot: (sender: Sender, args: Args) => void): boolean;
}

export interface Disposable {
  dispose(): void;
}

export interface Title {
  label: string;
  caption: string;
  icon: unknown;
  closable: boolean;
}

export interface Widget extends Disposable {
  id: string;
  readonly node: HTMLElement;
  readonly title: Title;
  readonly isVisible: boolean;
  readonly isAttached: boolean;
  readonly isDisposed: boolean;
  readonly disposed: Signal<Widget, void>;
  addClass(name: string): void;
}

/** A token of lumino: what a plugin requires, known by identity. */
export type Token = object;

export interface LabPlugin {
  id: string;
  description: string;
  autoStart: boolean;
  requires: Token[];
  optional: Token[];
  activate(app: Lab, ...given: unknown[]): void;
}

export interface CommandOptions {
  label: string;
  caption?: string;
  icon?: unknown;
  isEnabled?: () => boolean;
  isToggled?: () => boolean;
  execute(args: Record<string, unknown>): unknown;
}

export interface Lab {
  readonly shell: {
    add(
      widget: Widget,
      area: string,
      options?: { rank?: number; mode?: string; ref?: string | null },
    ): void;
    activateById(id: string): void;
    readonly currentWidget: Widget | null;
  };
  readonly commands: {
    addCommand(id: string, options: CommandOptions): Disposable;
    execute(id: string, args?: Record<string, unknown>): Promise<unknown>;
  };
  readonly serviceManager: {
    readonly serverSettings: ServerSettings;
    readonly contents: { localPath(path: string): string };
  };
  readonly restored: Promise<unknown>;
}

export interface ServerSettings {
  readonly baseUrl: string;
}

/** Of `@jupyterlab/services`. */
export interface Services {
  readonly ServerConnection: {
    makeRequest(url: string, init: RequestInit, settings: ServerSettings): Promise<Response>;
  };
}

/** Of `@jupyterlab/notebook`. */
export interface Notebooks {
  readonly INotebookTracker: Token;
  readonly NotebookActions: {
    readonly executionScheduled: Signal<unknown, { notebook: Notebook; cell: Cell }>;
    readonly executed: Signal<unknown, { notebook: Notebook; cell: Cell; success: boolean }>;
  };
}

/** Of `@jupyterlab/apputils`. */
export interface AppUtils {
  readonly ICommandPalette: Token;
  readonly IThemeManager: Token;
}

/** Of `@jupyterlab/application`. */
export interface Application {
  readonly ILayoutRestorer: Token;
}

/** Of `@jupyterlab/settingregistry`. */
export interface SettingRegistryModule {
  readonly ISettingRegistry: Token;
}

/** Of `@jupyterlab/ui-components`. */
export interface UiComponents {
  readonly LabIcon: new (options: { name: string; svgstr: string }) => object;
}

/** Of `@lumino/widgets`. */
export interface Widgets {
  readonly Widget: new (options?: { node?: HTMLElement }) => Widget;
}

export interface Palette {
  addItem(item: { command: string; category: string }): Disposable;
}

export interface Restorer {
  add(widget: Widget, name: string): void;
}

export interface ThemeManager {
  readonly theme: string | null;
  readonly themeChanged: Signal<unknown, unknown>;
  isLight(name: string): boolean;
}

export interface Settings {
  readonly composite: Record<string, unknown>;
  readonly changed: Signal<unknown, void>;
}

export interface SettingRegistry {
  load(plugin: string): Promise<Settings>;
}

export interface CellModel {
  readonly id: string;
  readonly type: string;
  readonly executionCount?: number | null;
  readonly sharedModel: { getSource(): string };
}

export interface Cell {
  readonly model: CellModel;
  readonly node: HTMLElement;
}

export interface Notebook {
  readonly widgets: readonly Cell[];
  activeCellIndex: number;
  mode: 'command' | 'edit';
  deselectAll(): void;
  scrollToItem(index: number, align?: string): Promise<void>;
}

export interface NotebookPanel extends Widget {
  readonly content: Notebook;
  readonly context: {
    readonly path: string;
    readonly ready: Promise<unknown>;
    readonly saveState: Signal<unknown, string>;
    readonly pathChanged: Signal<unknown, string>;
  };
  readonly model: {
    readonly contentChanged: Signal<unknown, unknown>;
    readonly sharedModel: {
      insertCell(index: number, cell: { cell_type: 'code'; source: string }): unknown;
    };
  } | null;
  readonly sessionContext: {
    readonly statusChanged: Signal<unknown, string>;
    readonly kernelChanged: Signal<unknown, unknown>;
    readonly session: { readonly kernel: { readonly status: string } | null } | null;
  };
}

export interface NotebookTracker {
  readonly currentWidget: NotebookPanel | null;
  readonly currentChanged: Signal<unknown, NotebookPanel | null>;
  readonly widgetAdded: Signal<unknown, NotebookPanel>;
  find(test: (panel: NotebookPanel) => boolean): NotebookPanel | undefined;
}
