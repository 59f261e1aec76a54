import { pieces } from '../format/text';
import type { Span } from './python';

/** One line of code in colours; what would not be seen in it is spelt out. */
export function CodeLine({ spans }: { spans: readonly Span[] }) {
  return (
    <>
      {spans.map((span, index) => (
        <span key={index} className={`code-${span.colour}`}>
          {pieces(span.text.replaceAll('\t', '    ')).map((piece, at) =>
            piece.unseen ? (
              <span key={at} className="unseen">
                {piece.text}
              </span>
            ) : (
              piece.text
            ),
          )}
        </span>
      ))}
    </>
  );
}
