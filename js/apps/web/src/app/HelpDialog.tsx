import { Dialog } from '../parts/Dialog';
import { SHORTCUTS } from './useShortcuts';

export function HelpDialog({ version, onClose }: { version: string; onClose: () => void }) {
  return (
    <Dialog label="Help and keys" className="help" onClose={onClose}>
      <h2>Keys</h2>
      <dl>
        {SHORTCUTS.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <h2>How a thing is known</h2>
      <dl className="legend">
        <div>
          <dt>
            <i className="line line-observed" />
          </dt>
          <dd>observed: seen as it happened</dd>
        </div>
        <div>
          <dt>
            <i className="line line-declared" />
          </dt>
          <dd>declared: a program or a person said so</dd>
        </div>
        <div>
          <dt>
            <i className="line line-inferred" />
          </dt>
          <dd>inferred: concluded from what was observed</dd>
        </div>
      </dl>
      <p className="faint">
        Whence {version} · <a href="/api/v1/openapi.json">the HTTP API</a>
      </p>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </Dialog>
  );
}
