/** What the component takes and gives. The graph has the JSON shape of Whence's answers. */

export type NodeType = 'entity' | 'activity' | 'agent';

/** How an edge is known; never guessed in silence. */
export type Known = 'observed' | 'declared' | 'inferred';

export interface LineageNode {
  readonly id: string;
  readonly type: NodeType | (string & {});
  readonly kind: string;
  readonly name: string;
  readonly digest: string | null;
  readonly places: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** `source relation target`: "model wasGeneratedBy run". The target lies upstream, to the left. */
export interface LineageEdge {
  readonly source: string;
  readonly target: string;
  readonly relation: string;
  readonly role: string;
  readonly known: Known | (string & {});
  readonly at: string | null;
}

export interface GapNote {
  readonly code: string;
  readonly subject: string | null;
  readonly count: number;
  readonly detail: string;
}

/** A limit that was reached; `frontier` are the nodes that were not followed. */
export interface Truncation {
  readonly limit: string;
  readonly value: number;
  readonly frontier: readonly string[];
}

export interface Completeness {
  readonly complete: boolean;
  readonly truncated: readonly Truncation[];
  readonly gaps: readonly GapNote[];
}

/** How many more nodes lie one step away; 0 says there is nothing more on that side. */
export interface More {
  readonly up?: number;
  readonly down?: number;
}

export interface LineageGraph {
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
  readonly completeness?: Completeness;
  /** By node id; what the host knows of nodes that it has not fetched. */
  readonly more?: Readonly<Record<string, More>>;
}

/** `up` is towards the causes, to the left; `down` is towards what came of it, to the right. */
export type Direction = 'up' | 'down';

export type GroupBy = 'none' | 'run' | 'stage' | 'pipeline';

export type Theme = 'light' | 'dark' | 'auto';

/** Whether datasets show their columns: those whose columns have edges, all, or none. */
export type ColumnsShown = 'auto' | 'all' | 'none';

export interface Collapsed {
  readonly id: string;
  readonly side: Direction;
}

/** The point of the drawing at the middle of the window, and the zoom. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** All that a link to this view must hold. Fields at their default are left out. */
export interface LineageViewState {
  readonly groupBy?: GroupBy | undefined;
  readonly selected?: string | undefined;
  /** Dim all that is neither upstream nor downstream of this node. */
  readonly lit?: string;
  /** In the order in which the person collapsed them. */
  readonly collapsed?: readonly Collapsed[];
  /** Groups, and datasets with columns, that are open. */
  readonly open?: readonly string[];
  /** Datasets whose columns were shut although they would be open by themselves. */
  readonly shut?: readonly string[];
  /** Kinds that are not drawn. */
  readonly hidden?: readonly string[];
  readonly search?: string;
  readonly camera?: Camera;
}

export interface Highlight {
  readonly from: string;
  readonly to: string;
}

export interface LineageViewProps {
  readonly graph: LineageGraph;
  /** What the question was about: ringed, and in the middle at first. */
  readonly focus?: string | readonly string[];
  /** The host fetches more and passes a larger graph; what is drawn keeps its place. */
  readonly onExpand?: (id: string, side: Direction) => void;
  /** Nodes whose expansion is on its way: drawn as busy. */
  readonly expanding?: readonly string[];
  readonly onSelect?: (id: string | null) => void;
  /** Double click or Enter. */
  readonly onOpen?: (id: string) => void;
  readonly groupBy?: GroupBy;
  /** Light up every path between two things. */
  readonly highlight?: Highlight | null;
  /** A text to find; overrides the one in the view. */
  readonly search?: string;
  readonly columns?: ColumnsShown;
  /** Keep all in view, or what has the focus, as the graph grows, until a person moves. */
  readonly follow?: boolean;
  /** Things in the order of time: each is drawn further to the right than the one before. */
  readonly order?: readonly string[];
  readonly theme?: Theme;
  readonly view?: LineageViewState;
  readonly onView?: (view: LineageViewState) => void;
  /** Whether the search field and the buttons are shown. Default true. */
  readonly controls?: boolean;
  readonly legend?: boolean;
  readonly minimap?: 'auto' | 'always' | 'never';
  readonly label?: string;
  readonly className?: string;
}

export interface LineageHandle {
  /** The whole drawing as an SVG document in the colours of the theme. */
  toSVG(): string;
  toPNG(): Promise<Blob>;
  /** Shows the whole drawing. */
  fit(): void;
  /** Brings a node to the middle. */
  centre(id: string): void;
  /** Moves to the next (1) or previous (-1) node that the search found. */
  find(step: 1 | -1): void;
}
