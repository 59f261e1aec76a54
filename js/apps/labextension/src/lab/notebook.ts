/** The notebook that a person looks at, as far as the panel is concerned. */

import type { Cell, Lab, NotebookPanel } from './types';

export interface LiveCell {
  readonly id: string;
  readonly isCode: boolean;
  /** The number at its prompt. */
  readonly count: number | null;
  readonly node: HTMLElement;
  source(): string;
}

export class OpenNotebook {
  constructor(
    private readonly lab: Lab,
    readonly panel: NotebookPanel,
  ) {}

  /** Relative to the root of the Jupyter server. */
  get path(): string {
    return this.lab.serviceManager.contents.localPath(this.panel.context.path);
  }

  get name(): string {
    return this.path.split('/').at(-1) ?? this.path;
  }

  cells(): LiveCell[] {
    return this.panel.content.widgets.map(liveCell);
  }

  /** A new first cell with this text; nothing runs. */
  insertFirst(source: string): void {
    this.panel.model?.sharedModel.insertCell(0, { cell_type: 'code', source });
    this.panel.content.activeCellIndex = 0;
    void this.panel.content.scrollToItem(0);
  }

  /** Whether the kernel works on something. */
  get isBusy(): boolean {
    return this.panel.sessionContext.session?.kernel?.status === 'busy';
  }

  /** Brings a cell into view and selects it; false where it is not in the notebook any more. */
  async go(id: string): Promise<boolean> {
    const { content } = this.panel;
    const index = content.widgets.findIndex((cell) => cell.model.id === id);
    if (index < 0) return false;
    content.deselectAll();
    content.mode = 'command';
    content.activeCellIndex = index;
    await content.scrollToItem(index, 'smart');
    return true;
  }
}

function liveCell({ model, node }: Cell): LiveCell {
  return {
    id: model.id,
    isCode: model.type === 'code',
    count: model.executionCount ?? null,
    node,
    source: () => model.sharedModel.getSource(),
  };
}
