/** The drawing of lineage as one React component. */

import {
  forwardRef,
  useCallback,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
} from 'react';
import { Fitter, guessedWidth } from './draw/text';
import { pngOf, svgOf } from './export/svg';
import { commandOf } from './interact/keys';
import { NOTHING } from './interact/hit';
import { watchPointer } from './interact/pointer';
import { described } from './model/describe';
import { graphFrom } from './model/graph';
import { sceneFrom } from './model/scene';
import type { LineageHandle, LineageViewProps } from './types';
import { actions } from './view/actions';
import { buttonsFor } from './view/buttons';
import { Legend } from './view/Legend';
import { foundNodes, lightsOf } from './view/light';
import { MiniMap } from './view/MiniMap';
import { completenessText, notesOf } from './view/notes';
import type { Stage } from './view/stage';
import { adoptStyles, styleOf } from './view/styles';
import { Tip, type TipPlace } from './view/Tip';
import { Toolbar } from './view/Toolbar';
import { Twin } from './view/Twin';
import { canvasMeasure } from './view/measure';
import { usePalette } from './view/usePalette';
import { useStage } from './view/useStage';
import { useView } from './view/useView';

const MAP_FROM = 60;

export const LineageView = forwardRef<LineageHandle, LineageViewProps>(
  function LineageView(props, ref) {
    const { theme = 'auto', columns = 'auto', label = 'Lineage' } = props;
    const { completeness, more } = props.graph;
    const root = useRef<HTMLDivElement>(null);
    const canvas = useRef<HTMLCanvasElement>(null);
    const twin = useRef<HTMLUListElement>(null);
    const field = useRef<HTMLInputElement>(null);
    const anchor = useRef<string | null>(null);
    const stageNow = useRef<Stage | null>(null);
    const id = useId();
    const [view, dispatch] = useView(props.view, props.onView, (given) => {
      if (given.camera) stageNow.current?.goTo(given.camera);
    });
    const [tip, setTip] = useState<TipPlace | null>(null);
    useLayoutEffect(adoptStyles, []);
    const palette = usePalette(root, theme);
    const fitter = useMemo(() => new Fitter(canvasMeasure() ?? guessedWidth), []);

    const focusKey = [props.focus ?? []].flat().join('\n');
    const focus = useMemo(() => (focusKey ? focusKey.split('\n') : []), [focusKey]);
    const graph = useMemo(() => graphFrom(props.graph), [props.graph]);
    const groupBy = view.groupBy ?? props.groupBy ?? 'none';
    const { collapsed, open, shut, hidden } = view;
    const orderKey = (props.order ?? []).join('\n');
    const order = useMemo(() => orderKey.split('\n'), [orderKey]);
    const scene = useMemo(
      () => sceneFrom(graph, { view: { collapsed, open, shut, hidden }, groupBy, columns, order }),
      [graph, collapsed, open, shut, hidden, groupBy, columns, order],
    );
    const begin = useRef({ camera: view.camera ?? null, focus: focus[0] ?? null });
    const prepare = useCallback(
      (made: Stage) => made.begin(begin.current.camera, begin.current.focus),
      [],
    );
    const follow = props.follow ? (focus[0] ?? null) : undefined;
    const { stage, size, shown } = useStage(canvas, scene, anchor, prepare);
    stageNow.current = stage;
    useLayoutEffect(() => {
      if (follow !== undefined) stage?.follow(follow);
    }, [stage, follow]);
    const drawn = shown ?? scene;

    const search = props.search ?? view.search ?? '';
    const notes = useMemo(() => notesOf(drawn, completeness), [drawn, completeness]);
    const lights = useMemo(
      () => lightsOf(drawn, view.lit, props.highlight),
      [drawn, view.lit, props.highlight],
    );
    const found = useMemo(() => foundNodes(drawn, search), [drawn, search]);
    const expanding = useMemo(() => new Set(props.expanding), [props.expanding]);
    const canExpand = props.onExpand !== undefined;
    const buttons = useMemo(
      () =>
        buttonsFor({ scene: drawn, notes, more, expanding, canExpand, font: palette.font, fitter }),
      [drawn, notes, more, expanding, canExpand, palette.font, fitter],
    );
    const selectedNode =
      view.selected === undefined ? -1 : (drawn.graph.index.get(view.selected) ?? -1);
    const selected = selectedNode < 0 ? -1 : drawn.boxOf[selectedNode]!;

    const boxesOf = useCallback(
      (ids: readonly string[]) =>
        ids
          .map((one) => drawn.graph.index.get(one))
          .flatMap((v) => (v === undefined ? [] : [drawn.boxOf[v]!])),
      [drawn],
    );
    const hovered = tip?.hit ?? NOTHING;
    useLayoutEffect(() => {
      stage?.setMarks({
        scene: drawn,
        palette,
        fitter,
        ...lights,
        selected,
        selectedNode,
        focus: new Set(boxesOf(focus)),
        found: new Set(found.map((v) => drawn.boxOf[v]!)),
        gaps: notes.gaps,
        handles: buttons,
      });
    }, [
      stage,
      palette,
      fitter,
      lights,
      selected,
      selectedNode,
      focus,
      found,
      notes,
      buttons,
      drawn,
      boxesOf,
    ]);
    useLayoutEffect(() => {
      const { box, link, handle } = hovered;
      stage?.setHover({
        hoverBox: box,
        hoverLink: link,
        hoverHandle: handle ? `${box} ${handle.act} ${handle.side}` : '',
      });
    }, [stage, hovered, drawn]);

    const now = useRef(
      actions({ stage, scene: drawn, props, view, found, focus, dispatch, anchor, field }),
    );
    now.current = actions({
      stage,
      scene: drawn,
      props,
      view,
      found,
      focus,
      dispatch,
      anchor,
      field,
    });

    useEffect(() => {
      const element = canvas.current;
      if (!element || !stage) return undefined;
      stage.onCamera = (camera) => dispatch({ type: 'camera', camera });
      return watchPointer(element, {
        pan: (dx, dy) => stage.pan(dx, dy),
        zoom: (factor, px, py) => stage.zoom(factor, px, py),
        leave: () => setTip(null),
        grab: (held) => {
          element.dataset['on'] = held ? 'held' : '';
          if (held) setTip(null);
        },
        hover: (px, py) => {
          const hit = stage.hit(px, py);
          element.dataset['on'] = hit.box >= 0 ? 'thing' : '';
          setTip((was) => nextTip(was, { hit, x: px, y: py, box: stage.onScreen(hit.box) }));
        },
        click: (px, py) => {
          twin.current?.focus({ preventScroll: true });
          now.current.click(stage.hit(px, py));
        },
        doubleClick: (px, py) => now.current.openHit(stage.hit(px, py)),
      });
    }, [stage, dispatch]);

    useImperativeHandle(
      ref,
      (): LineageHandle => ({
        toSVG: () => {
          const look = stage?.look();
          return look ? svgOf(look, label) : '';
        },
        toPNG: () => {
          const look = stage?.look();
          return look ? pngOf(look) : Promise.reject(new Error('Nothing is drawn yet'));
        },
        fit: () => stage?.fit(),
        centre: (one) => stage?.centre(boxesOf([one])[0] ?? -1),
        find: (step) => now.current.find(step),
      }),
      [stage, label, boxesOf],
    );

    const onKeyDown = useCallback((event: KeyboardEvent) => {
      const command = commandOf(event, now.current.hasSelection);
      if (!command) return;
      event.preventDefault();
      now.current.command(command);
    }, []);

    const onKind = useCallback((kind: string) => dispatch({ type: 'kind', kind }), [dispatch]);
    const text = completenessText(completeness);
    const spoken = selectedNode >= 0 ? described(drawn.graph, selectedNode) : '';
    const note = graph.nodes.length === 0 ? 'Nothing to show' : shown ? '' : 'Laying out';
    const mapped =
      props.minimap === 'always' || (props.minimap !== 'never' && drawn.boxes.length >= MAP_FROM);
    return (
      <div
        ref={root}
        className={`whence-lineage ${props.className ?? ''}`}
        style={styleOf(palette)}
        role="group"
        aria-label={label}
      >
        <canvas ref={canvas} className="wl-main" aria-hidden="true" />
        <Twin
          ref={twin}
          id={id}
          graph={drawn.graph}
          at={selectedNode}
          label={label}
          onKeyDown={onKeyDown}
        />
        <div className="wl-ring" />
        <div className="wl-hidden" aria-live="polite">
          {spoken}
        </div>
        {note && (
          <div className="wl-note" role="status">
            {note}
          </div>
        )}
        {text && (
          <div className="wl-panel wl-strip" role="note">
            {text}
          </div>
        )}
        {props.controls !== false && (
          <Toolbar
            input={field}
            search={search}
            found={found.length}
            at={found.indexOf(selectedNode)}
            canLight={selectedNode >= 0 || view.lit !== undefined}
            isLit={view.lit !== undefined}
            onSearch={(value) => dispatch({ type: 'search', text: value })}
            onFind={(step) => now.current.find(step)}
            onZoom={(factor) => stage?.zoom(factor)}
            onFit={() => stage?.fit()}
            onLight={() => now.current.command({ do: 'light' })}
          />
        )}
        {props.legend !== false && (
          <Legend graph={graph} palette={palette} hidden={view.hidden ?? []} onKind={onKind} />
        )}
        {mapped && stage && <MiniMap stage={stage} />}
        {tip && <Tip at={tip} scene={drawn} size={size} completeness={completeness} />}
      </div>
    );
  },
);

function nextTip(was: TipPlace | null, next: TipPlace): TipPlace | null {
  const { box, link, handle, node } = next.hit;
  if (box < 0 && link < 0) return null;
  const old = was?.hit;
  const same =
    old && old.box === box && old.link === link && old.handle === handle && old.node === node;
  return same ? was : next;
}
