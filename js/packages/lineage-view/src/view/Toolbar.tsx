/** The buttons in the corner: search, zoom, fit, focus. */

import type { ReactNode, RefObject } from 'react';

interface Props {
  readonly input: RefObject<HTMLInputElement>;
  readonly search: string;
  readonly found: number;
  readonly at: number;
  readonly canLight: boolean;
  readonly isLit: boolean;
  readonly onSearch: (text: string) => void;
  readonly onFind: (step: 1 | -1) => void;
  readonly onZoom: (factor: number) => void;
  readonly onFit: () => void;
  readonly onLight: () => void;
}

export function Toolbar(props: Props): ReactNode {
  const { search, found, at } = props;
  return (
    <div className="wl-panel wl-bar" role="toolbar" aria-label="Drawing">
      <input
        ref={props.input}
        type="search"
        value={search}
        placeholder="Find"
        aria-label="Find in the drawing"
        onChange={(event) => props.onSearch(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') props.onFind(event.shiftKey ? -1 : 1);
          if (event.key === 'Escape') props.onSearch('');
        }}
      />
      {search && (
        <>
          <span className="wl-count" role="status">
            {found ? `${at >= 0 ? at + 1 : '–'} of ${found.toLocaleString('en')}` : 'none'}
          </span>
          <Button
            label="Previous found"
            path="M4 10l4-4 4 4"
            off={!found}
            onClick={() => props.onFind(-1)}
          />
          <Button
            label="Next found"
            path="M4 6l4 4 4-4"
            off={!found}
            onClick={() => props.onFind(1)}
          />
        </>
      )}
      <span className="wl-gone" />
      <Button
        label="Only the lineage of what is selected"
        path="M8 5.4a2.6 2.6 0 1 0 0 5.2a2.6 2.6 0 1 0 0-5.2M2 5V2h3M11 2h3v3M14 11v3h-3M5 14H2v-3"
        off={!props.canLight}
        pressed={props.isLit}
        onClick={props.onLight}
      />
      <Button label="Zoom out" path="M3.5 8h9" onClick={() => props.onZoom(0.75)} />
      <Button label="Zoom in" path="M3.5 8h9M8 3.5v9" onClick={() => props.onZoom(1.33)} />
      <Button
        label="Show all"
        path="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"
        onClick={props.onFit}
      />
    </div>
  );
}

interface ButtonProps {
  readonly label: string;
  readonly path: string;
  readonly off?: boolean;
  readonly pressed?: boolean;
  readonly onClick: () => void;
}

function Button({ label, path, off = false, pressed, onClick }: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      aria-pressed={pressed}
      disabled={off}
      onClick={onClick}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
}
