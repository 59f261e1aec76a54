import { saveBlob } from '@whence/api-client';
import type { GroupBy, Known, LineageHandle } from '@whence/lineage-view';
import type { RefObject } from 'react';
import { ExportForm } from '../export/ExportForm';
import { Icon } from '../parts/Icon';
import { Popover } from '../parts/Popover';
import { DEEPEST, type Direction, KNOWNS, type LineageState } from './url';

interface Props {
  state: LineageState;
  handle: RefObject<LineageHandle>;
  onChange: (part: Partial<LineageState>) => void;
}

/** What is asked and how it is drawn. */
export function LineageControls({ state, handle, onChange }: Props) {
  const toggle = (known: Known) =>
    onChange({
      known: KNOWNS.filter((each) => (each === known) !== state.known.includes(each)),
    });
  const svg = () => {
    const text = handle.current?.toSVG();
    if (text) saveBlob(new Blob([text], { type: 'image/svg+xml' }), 'lineage.svg');
  };
  const png = () => {
    void handle.current?.toPNG().then((blob) => saveBlob(blob, 'lineage.png'));
  };
  return (
    <div className="toolbar">
      <label>
        Show
        <select
          value={state.direction}
          onChange={(event) => onChange({ direction: event.target.value as Direction })}
        >
          <option value="both">both ways</option>
          <option value="up">where from</option>
          <option value="down">what came of it</option>
        </select>
      </label>
      <label>
        Levels
        <input
          type="number"
          min={1}
          max={DEEPEST}
          value={state.depth}
          onChange={(event) => {
            const depth = Math.round(Number(event.target.value));
            if (depth >= 1) onChange({ depth: Math.min(depth, DEEPEST) });
          }}
        />
      </label>
      <label>
        Group by
        <select
          value={state.groupBy}
          onChange={(event) => onChange({ groupBy: event.target.value as GroupBy })}
        >
          <option value="none">nothing</option>
          <option value="run">run</option>
          <option value="stage">stage</option>
          <option value="pipeline">pipeline</option>
        </select>
      </label>
      <fieldset className="knowns">
        <legend className="sr-only">How a step is known</legend>
        {KNOWNS.map((known) => (
          <label key={known}>
            <input
              type="checkbox"
              checked={state.known.includes(known)}
              onChange={() => toggle(known)}
            />
            <i className={`line line-${known}`} />
            {known}
          </label>
        ))}
      </fieldset>
      <label>
        <input
          type="checkbox"
          checked={state.columns}
          onChange={(event) => onChange({ columns: event.target.checked })}
        />
        Columns
      </label>
      {state.from && state.to && (
        <button type="button" onClick={() => onChange({ from: '', to: '' })}>
          <Icon name="cross" size={13} /> Path
        </button>
      )}
      <span className="spring" />
      <Popover
        title="Save the drawing or the record"
        label={
          <>
            <Icon name="download" size={14} /> Save
          </>
        }
      >
        <div className="menu">
          <button type="button" className="quiet" onClick={svg}>
            As SVG, to print or edit
          </button>
          <button type="button" className="quiet" onClick={png}>
            As PNG, to paste
          </button>
        </div>
        <ExportForm thing={state.thing} />
      </Popover>
    </div>
  );
}
