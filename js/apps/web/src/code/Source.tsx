import { useMemo } from 'react';
import { CodeLine } from './CodeLine';
import { type Inside, type Span, pythonLine } from './python';
import './code.css';

const MOST_LINES = 3000;

/** A file of source code with the numbers of its lines. */
export default function Source({ text, path }: { text: string; path: string }) {
  const lines = useMemo(() => coloured(text, path), [text, path]);
  return (
    <div className="code" tabIndex={0} role="region" aria-label={`Source of ${path}`}>
      {lines.map((spans, index) => (
        <div key={index} className="code-line">
          <span className="code-number">{index + 1}</span>
          <code>
            <CodeLine spans={spans} />
          </code>
        </div>
      ))}
    </div>
  );
}

function coloured(text: string, path: string): Span[][] {
  const lines = text.replace(/\n$/, '').split(/\r?\n/).slice(0, MOST_LINES);
  if (!/\.pyi?$/.test(path)) return lines.map((line) => [{ colour: 'plain', text: line }]);
  let inside: Inside = null;
  return lines.map((line) => {
    const result = pythonLine(line, inside);
    inside = result.inside;
    return result.spans;
  });
}
