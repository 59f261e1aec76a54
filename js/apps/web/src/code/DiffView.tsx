import { useMemo } from 'react';
import { Text } from '../parts/Text';
import { CodeLine } from './CodeLine';
import { type DiffLine, type FileDiff, parseDiff } from './diff';
import { type Inside, type Span, pythonLine } from './python';
import './code.css';

const MOST_LINES = 3000;

/** A unified diff, file by file, in the colours of its language. */
export default function DiffView({ diff }: { diff: string }) {
  const files = useMemo(() => parseDiff(diff), [diff]);
  return (
    <div className="diff">
      {files.map((file) => (
        <FileView key={file.path} file={file} />
      ))}
    </div>
  );
}

function FileView({ file }: { file: FileDiff }) {
  const rows = useMemo(() => coloured(file), [file]);
  return (
    <details open={file.lines.length < 400}>
      <summary>
        <Text text={file.path} length={100} />
        <span className="added">+{file.added}</span>
        <span className="removed">−{file.removed}</span>
      </summary>
      <div className="code" tabIndex={0} role="region" aria-label={`Changes in ${file.path}`}>
        {rows.map(({ line, spans }, index) => (
          <div key={index} className={`code-line ${CLASS[line.sign]}`}>
            <span className="code-number">{line.left}</span>
            <span className="code-number">{line.right}</span>
            <span className="code-sign">{line.sign === '@' ? '' : line.sign}</span>
            <code>
              <CodeLine spans={spans} />
            </code>
          </div>
        ))}
      </div>
    </details>
  );
}

const CLASS = { '+': 'is-added', '-': 'is-removed', ' ': '', '@': 'is-hunk' };

function coloured(file: FileDiff): { line: DiffLine; spans: Span[] }[] {
  const isPython = /\.pyi?$/.test(file.path);
  let inside: Inside = null;
  return file.lines.slice(0, MOST_LINES).map((line) => {
    if (line.sign === '@') inside = null;
    if (!isPython || line.sign === '@')
      return { line, spans: [{ colour: 'plain', text: line.text }] };
    const result = pythonLine(line.text, inside);
    if (line.sign !== '-') inside = result.inside;
    return { line, spans: result.spans };
  });
}
