import { plain } from './words';

const MOST_LINES = 400;
const CLASS: Readonly<Record<string, string>> = {
  '+': 'is-added',
  '-': 'is-removed',
  '@': 'is-hunk',
};

/** A unified diff of the source of one cell. */
export function Diff({ text }: { text: string }) {
  const lines = text.split('\n').filter((line) => !/^(---|\+\+\+) /.test(line));
  const shown = lines.slice(0, MOST_LINES);
  return (
    <pre className="whence-diff" tabIndex={0} role="region" aria-label="Changes in the source">
      {shown.map((line, i) => (
        <span key={i} className={CLASS[line[0] ?? ''] ?? ''}>
          {plain(line)}
          {'\n'}
        </span>
      ))}
      {lines.length > shown.length && `and ${lines.length - shown.length} more lines`}
    </pre>
  );
}
