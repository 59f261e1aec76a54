import { LineageView, type LineageHandle, type LineageViewState } from '@whence/lineage-view';
import { useCallback, useState, useSyncExternalStore, type Ref } from 'react';
import { homeOf, type Flow } from '../flow/shown';
import { useHost } from './host';

interface Props {
  readonly flow: Flow;
  readonly label: string;
  readonly handle?: Ref<LineageHandle>;
  readonly onSelect?: (id: string | null) => void;
  readonly controls?: boolean;
}

/** The drawing of a flow, in order of time. What is chosen in it is shown in the notebook. */
export function FlowGraph({ flow, label, handle, onSelect, controls = true }: Props) {
  const host = useHost();
  const { look } = host;
  const { theme, name } = useSyncExternalStore(look.subscribe, look.get);
  const { graph, order } = flow;
  const [view, setView] = useState<LineageViewState>({}); // outlives a change of the theme
  const select = useCallback(
    (id: string | null) => {
      onSelect?.(id);
      const cell = id === null ? null : homeOf(graph, id);
      if (cell !== null) host.go(cell);
    },
    [graph, host, onSelect],
  );
  return (
    <LineageView
      key={name}
      ref={handle}
      graph={graph}
      order={order}
      focus={order.at(-1) ?? []}
      follow
      theme={theme}
      columns="none"
      controls={controls}
      legend={false}
      minimap="never"
      view={view}
      onView={setView}
      onSelect={select}
      label={label}
    />
  );
}
