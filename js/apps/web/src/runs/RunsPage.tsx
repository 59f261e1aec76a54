import { useMemo } from 'react';
import { useTitle } from '../app/useTitle';
import { useProject } from '../data/project';
import { useAnswer } from '../data/useAnswer';
import { counted } from '../format/number';
import { Failure } from '../parts/Failure';
import { Skeleton } from '../parts/Skeleton';
import { address } from '../router/address';
import { navigate, useLocation } from '../router/location';
import { ColumnPicker } from './ColumnPicker';
import { FilterBox } from './FilterBox';
import { NoRuns } from './NoRuns';
import { RunsTable } from './RunsTable';
import { SelectionBar } from './SelectionBar';
import { column } from './columns';
import { runsOf } from './pages';
import { allFields, columnsAtFirst } from './fields';
import { type RunsState, orderBy, readState, writeState } from './url';
import { useRuns } from './useRuns';
import { valuesOf } from './values';
import './runs.css';

const NO_FIELDS = { params: [], metrics: [], tags: [], attributes: [] };

/** All runs of the project: find them, order them, choose some to compare. */
export function RunsPage() {
  const project = useProject();
  const { search } = useLocation();
  const state = useMemo(() => readState(search), [search]);
  const runs = useRuns(project, state.filter, orderBy(state.order));
  const fields = useAnswer(`fields ${project.name}`, (signal) => project.runFields(signal));
  const known = fields.data ?? NO_FIELDS;
  const shown = useMemo(() => state.columns ?? columnsAtFirst(known), [state.columns, known]);
  const columns = useMemo(() => shown.map(column), [shown]);
  const names = useMemo(() => allFields(known), [known]);
  useTitle('Runs');

  const change = (part: Partial<RunsState>, replace = false) =>
    navigate(address.runs(project.name, writeState({ ...state, ...part })), { replace });
  const { total } = runs.loaded;
  const items = useMemo(() => runsOf(runs.loaded), [runs.loaded]);
  const isFilterError = runs.error?.code === 'filter' || runs.error?.code === 'usage';
  const isEmpty = !runs.loading && !runs.error && items.length === 0;

  return (
    <div className="runs">
      <h1 className="sr-only">Runs</h1>
      <div className="toolbar">
        <FilterBox
          filter={state.filter}
          words={{ fields: names, values: (field) => valuesOf(field, items) }}
          error={isFilterError ? (runs.error?.detail ?? '') : ''}
          onFilter={(filter) => change({ filter })}
        />
        <ColumnPicker
          fields={known}
          chosen={shown}
          onChoose={(next) => change({ columns: next }, true)}
        />
        <span className="total" role="status">
          {total === null ? '' : counted(total, 'run')}
        </span>
      </div>
      {runs.error && !isFilterError && <Failure error={runs.error} again={runs.again} />}
      {runs.loading && items.length === 0 && <Skeleton lines={12} />}
      {isEmpty && <NoRuns filtered={state.filter !== ''} onClear={() => change({ filter: '' })} />}
      {items.length > 0 && (
        <RunsTable
          loaded={runs.loaded}
          columns={columns}
          order={state.order}
          chosen={state.chosen}
          stale={runs.loading}
          onNeed={runs.need}
          onOrder={(order) => change({ order })}
          onChosen={(chosen) => change({ chosen }, true)}
        />
      )}
      <SelectionBar chosen={state.chosen} onClear={() => change({ chosen: [] }, true)} />
    </div>
  );
}
