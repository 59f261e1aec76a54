import {
  type LineageHandle,
  LineageView,
  type LineageViewState,
  viewFromText,
  viewToText,
} from '@whence/lineage-view';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTheme } from '../app/theme';
import { useProject } from '../data/project';
import { CompletenessStrip } from '../parts/CompletenessStrip';
import { Failure } from '../parts/Failure';
import { Skeleton } from '../parts/Skeleton';
import { address } from '../router/address';
import { navigate } from '../router/location';
import { LineageControls } from './LineageControls';
import { SidePanel } from './SidePanel';
import { completenessOf, graphOf } from './graph';
import type { LineageState } from './url';
import { useSurroundings } from './useSurroundings';
import './lineage.css';

interface Props {
  state: LineageState;
  onChange: (part: Partial<LineageState>, replace?: boolean) => void;
}

/** The graph around one thing, its controls, and a panel about what is selected in it. */
export function Explorer({ state, onChange }: Props) {
  const project = useProject();
  const theme = useTheme();
  const handle = useRef<LineageHandle>(null);
  const walk = useSurroundings(project, state);
  const { known, subjects } = walk;
  const ways = state.known.join();
  const graph = useMemo(() => graphOf(known, ways), [known, ways]);
  const [view, setView] = useState<LineageViewState>(() => viewFromText(state.view));
  const kept = useViewInAddress(view, state.view, onChange);
  const selected = known.nodes.get(state.selected);
  const select = useCallback((id: string | null) => onChange({ selected: id ?? '' }), [onChange]);
  const open = useCallback(
    (id: string) => {
      const node = known.nodes.get(id);
      if (node?.kind === 'run') navigate(address.run(project.name, id));
      else navigate(address.lineage(project.name, id));
    },
    [known, project.name],
  );

  return (
    <div className={selected ? 'explorer with-panel' : 'explorer'}>
      <h1 className="sr-only">
        Lineage of {known.nodes.get(subjects[0] ?? '')?.name ?? state.thing}
      </h1>
      <LineageControls state={state} handle={handle} onChange={onChange} />
      {walk.error && <Failure error={walk.error} again={walk.again} />}
      {walk.loading && known.nodes.size === 0 && <Skeleton lines={9} />}
      {known.nodes.size > 0 && (
        <div className="explorer-body">
          <div className="explorer-graph">
            <LineageView
              ref={handle}
              graph={graph}
              focus={subjects}
              expanding={walk.expanding}
              groupBy={state.groupBy}
              columns={state.columns ? 'all' : 'none'}
              highlight={state.from && state.to ? { from: state.from, to: state.to } : null}
              theme={theme}
              view={kept}
              onView={setView}
              onExpand={walk.expand}
              onSelect={select}
              onOpen={open}
              label={`Lineage of ${known.nodes.get(subjects[0] ?? '')?.name ?? state.thing}`}
            />
          </div>
          {selected && (
            <SidePanel
              node={selected}
              focus={known.nodes.get(subjects[0] ?? '')}
              known={known}
              state={state}
              onChange={onChange}
              onExpand={walk.expand}
              onCentre={(id) => handle.current?.centre(id)}
            />
          )}
        </div>
      )}
      {known.nodes.size > 0 && (
        <CompletenessStrip completeness={completenessOf(known, state.depth)} />
      )}
    </div>
  );
}

/** Keeps the view of the drawing in the address, once it stands still. */
function useViewInAddress(
  view: LineageViewState,
  inAddress: string,
  onChange: Props['onChange'],
): LineageViewState {
  const change = useRef(onChange);
  change.current = onChange;
  useEffect(() => {
    const text = viewToText(view);
    if (text === inAddress) return;
    const timer = setTimeout(() => change.current({ view: text }), 500);
    return () => clearTimeout(timer);
  }, [view, inAddress]);
  return view;
}
