// Controls, and the marks that turn or hide text: a name that holds them must not pass for another.
const UNSEEN: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xfeff, 0xfeff],
];

function isUnseen(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return UNSEEN.some(([first, last]) => code >= first && code <= last);
}

export interface Piece {
  text: string;
  unseen: boolean;
}

/** `text` cut so that each character that would not be seen is a piece of its own, spelt out. */
export function pieces(text: string): Piece[] {
  if (/^[ -~]*$/.test(text)) return [{ text, unseen: false }];
  const found: Piece[] = [];
  let plain = '';
  for (const character of text) {
    if (!isUnseen(character)) {
      plain += character;
      continue;
    }
    if (plain) found.push({ text: plain, unseen: false });
    plain = '';
    found.push({ text: spelling(character), unseen: true });
  }
  if (plain) found.push({ text: plain, unseen: false });
  return found;
}

/** `text` with what would not be seen spelt out, for titles and labels. */
export function visible(text: string): string {
  return pieces(text)
    .map((piece) => piece.text)
    .join('');
}

function spelling(character: string): string {
  if (character === '\n') return '⏎';
  if (character === '\t') return '⇥';
  return `‹${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`;
}

/** `text` with its middle left out where it is longer than `length`: both ends of a path matter. */
export function shortened(text: string, length: number): string {
  const characters = Array.from(text.slice(0, length * 4 + 400));
  const cut = text.length > length * 4 + 400;
  if (!cut && characters.length <= length) return text;
  const tail = cut ? Array.from(text.slice(-length)) : characters;
  const last = Math.ceil((length - 1) / 2);
  const first = length - 1 - last;
  return `${characters.slice(0, first).join('')}…${tail.slice(-last).join('')}`;
}
