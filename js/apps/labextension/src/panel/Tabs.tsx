import { useId, type KeyboardEvent, type ReactNode } from 'react';

export interface Tab {
  readonly id: string;
  readonly title: string;
  /** A number to be seen beside the title. */
  readonly count?: number;
  readonly body: ReactNode;
}

interface Props {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

/** A row of tabs, walked by arrow keys. The first stays drawn while another is in view. */
export function Tabs({ label, tabs, chosen, onChoose }: Props) {
  const base = useId();
  const walk = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.id === chosen);
    const ends: Readonly<Record<string, number>> = { Home: 0, End: tabs.length - 1 };
    const step = STEPS[event.key];
    const to = step === undefined ? ends[event.key] : (at + step + tabs.length) % tabs.length;
    const next = to === undefined ? undefined : tabs[to];
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    onChoose(next.id);
    document.getElementById(`${base}tab-${next.id}`)?.focus();
  };
  return (
    <>
      <div className="whence-tabs" role="tablist" aria-label={label} onKeyDown={walk}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            id={`${base}tab-${tab.id}`}
            type="button"
            role="tab"
            aria-selected={tab.id === chosen}
            aria-controls={`${base}panel-${tab.id}`}
            tabIndex={tab.id === chosen ? 0 : -1}
            onClick={() => onChoose(tab.id)}
          >
            {tab.title}
            {tab.count ? <span className="whence-count">{tab.count}</span> : null}
          </button>
        ))}
      </div>
      {tabs.map((tab, i) => (
        <div
          key={tab.id}
          id={`${base}panel-${tab.id}`}
          className="whence-tabpanel"
          role="tabpanel"
          aria-labelledby={`${base}tab-${tab.id}`}
          hidden={tab.id !== chosen}
        >
          {tab.id === chosen || i === 0 ? tab.body : null}
        </div>
      ))}
    </>
  );
}
