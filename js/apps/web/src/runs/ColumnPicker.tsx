import type { RunFields } from '@whence/api-client';
import { useState } from 'react';
import { Icon } from '../parts/Icon';
import { Popover } from '../parts/Popover';
import { Text } from '../parts/Text';
import { OWN_COLUMNS, column } from './columns';
import { fieldName } from './fields';

interface Props {
  fields: RunFields;
  chosen: string[];
  onChoose: (columns: string[] | null) => void;
}

const MOST = 200;

/** Chooses the columns of the table: what every run has, parameters, metrics and tags. */
export function ColumnPicker({ fields, chosen, onChoose }: Props) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const groups: [string, string[]][] = [
    ['Run', OWN_COLUMNS],
    ['Metrics', fields.metrics.map((key) => fieldName('metrics', key))],
    ['Parameters', fields.params.map((key) => fieldName('params', key))],
    ['Tags', fields.tags.map((key) => fieldName('tags', key))],
  ];
  const toggle = (id: string) =>
    onChoose(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  return (
    <Popover
      title="Columns"
      label={
        <>
          <Icon name="columns" size={14} /> Columns
        </>
      }
    >
      <div className="columns-picker">
        <input
          type="search"
          placeholder="Find a column"
          aria-label="Find a column"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {groups.map(([title, ids]) => {
          const shown = ids.filter((id) =>
            `${id} ${column(id).title}`.toLowerCase().includes(wanted),
          );
          if (shown.length === 0) return null;
          return (
            <fieldset key={title}>
              <legend>{title}</legend>
              {shown.slice(0, MOST).map((id) => (
                <label key={id}>
                  <input
                    type="checkbox"
                    checked={chosen.includes(id)}
                    disabled={id === 'name'}
                    onChange={() => toggle(id)}
                  />
                  <Text text={column(id).title} length={60} />
                </label>
              ))}
              {shown.length > MOST && <p className="faint">and {shown.length - MOST} more</p>}
            </fieldset>
          );
        })}
        <button type="button" className="quiet" onClick={() => onChoose(null)}>
          As at first
        </button>
      </div>
    </Popover>
  );
}
