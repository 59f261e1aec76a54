/** Text that fits: the middle is left out, since names differ at their ends. */

export type Measure = (text: string, font: string) => number;

/** A guess, for where there is no canvas: what common fonts need for an average letter. */
export const guessedWidth: Measure = (text, font) => {
  const size = Number(/([\d.]+)px/.exec(font)?.[1] ?? 12);
  let width = 0;
  for (const letter of text) width += letter.charCodeAt(0) > 0x2e7f ? 1 : 0.58;
  return width * size;
};

const MOST = 20000;

export class Fitter {
  private readonly known = new Map<string, string>();

  constructor(readonly measure: Measure) {}

  /** The text, or its start and end around `…`, no wider than `width`. */
  fit(text: string, font: string, width: number): string {
    const key = `${font}|${Math.round(width)}|${text}`;
    let found = this.known.get(key);
    if (found === undefined) {
      found = this.shortened(text, font, width);
      if (this.known.size >= MOST) this.known.clear();
      this.known.set(key, found);
    }
    return found;
  }

  /** As many of the parts as fit side by side, at least the first. */
  fitParts(parts: readonly string[], font: string, width: number): string {
    for (let n = parts.length; n > 1; n--) {
      const text = parts.slice(0, n).join(' · ');
      if (this.measure(text, font) <= width) return text;
    }
    return this.fit(parts[0] ?? '', font, width);
  }

  private shortened(text: string, font: string, width: number): string {
    if (this.measure(text, font) <= width) return text;
    const letters = [...text];
    let low = 0;
    let high = letters.length - 1;
    while (low < high) {
      const keep = Math.ceil((low + high) / 2);
      if (this.measure(cut(letters, keep), font) <= width) low = keep;
      else high = keep - 1;
    }
    return cut(letters, low);
  }
}

function cut(letters: readonly string[], keep: number): string {
  const head = Math.ceil(keep * 0.45);
  const tail = keep - head;
  return `${letters.slice(0, head).join('')}…${tail ? letters.slice(-tail).join('') : ''}`;
}
