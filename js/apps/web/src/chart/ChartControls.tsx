import type { Axis } from './lines';

export interface ChartSettings {
  axis: Axis;
  log: boolean;
  weight: number;
  find: string;
}

interface Props {
  settings: ChartSettings;
  onChange: (settings: ChartSettings) => void;
}

/** How the charts are drawn. */
export function ChartControls({ settings, onChange }: Props) {
  const set = (part: Partial<ChartSettings>) => onChange({ ...settings, ...part });
  return (
    <div className="toolbar">
      <input
        type="search"
        placeholder="Find a metric"
        aria-label="Find a metric"
        value={settings.find}
        onChange={(event) => set({ find: event.target.value })}
      />
      <label>
        Smoothing
        <input
          type="range"
          min="0"
          max="0.98"
          step="0.02"
          value={settings.weight}
          aria-valuetext={settings.weight === 0 ? 'off' : settings.weight.toFixed(2)}
          onChange={(event) => set({ weight: Number(event.target.value) })}
        />
        <output>{settings.weight === 0 ? 'off' : settings.weight.toFixed(2)}</output>
      </label>
      <label>
        <input
          type="checkbox"
          checked={settings.log}
          onChange={(event) => set({ log: event.target.checked })}
        />
        Log scale
      </label>
      <label>
        Over
        <select
          value={settings.axis}
          onChange={(event) => set({ axis: event.target.value === 'time' ? 'time' : 'step' })}
        >
          <option value="step">steps</option>
          <option value="time">time</option>
        </select>
      </label>
      <span className="faint hint">Drag over a chart to zoom</span>
    </div>
  );
}
