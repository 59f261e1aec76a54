import { pieces, shortened, visible } from '../format/text';

interface Props {
  text: string;
  length?: number;
  title?: boolean;
}

/** A name as it was recorded: isolated, and what would not be seen is spelt out. */
export function Text({ text, length = 400, title = false }: Props) {
  const short = shortened(text, length);
  return (
    <bdi title={title || short !== text ? visible(shortened(text, 2000)) : undefined}>
      {pieces(short).map((piece, index) =>
        piece.unseen ? (
          <span key={index} className="unseen">
            {piece.text}
          </span>
        ) : (
          piece.text
        ),
      )}
    </bdi>
  );
}
