import type { AnswerNode } from '@whence/api-client';
import { memo } from 'react';
import { visible } from '../format/text';
import { RunCell } from './RunCell';
import type { Column } from './columns';

interface Props {
  run: AnswerNode | undefined;
  index: number;
  top: number;
  template: string;
  columns: Column[];
  isChosen: boolean;
  isAt: boolean;
  onToggle: (id: string) => void;
}

/** One run; bars in place of its cells while it is on its way. */
export const RunRow = memo(function RunRow(props: Props) {
  const { run, index, top, template, columns, isChosen, isAt } = props;
  const name = ['row', isChosen && 'chosen', isAt && 'at'].filter(Boolean).join(' ');
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={name}
      style={{ gridTemplateColumns: template, transform: `translateY(${String(top)}px)` }}
    >
      <span role="cell" className="check">
        {run && (
          <input
            type="checkbox"
            checked={isChosen}
            aria-label={`Choose ${visible(run.name)}`}
            onChange={() => props.onToggle(run.id)}
          />
        )}
      </span>
      {columns.map((column) => (
        <span key={column.id} role="cell" className={column.numeric ? 'cell right' : 'cell'}>
          {run ? <RunCell run={run} column={column} /> : <i className="bar" />}
        </span>
      ))}
    </div>
  );
});
