export type Colour = 'plain' | 'keyword' | 'text' | 'comment' | 'number' | 'name' | 'decorator';

export interface Span {
  colour: Colour;
  text: string;
}

/** What a line begins inside of: a text in three quotes, or nothing. */
export type Inside = '"""' | "'''" | null;

const KEYWORDS = new Set(
  (
    'and as assert async await break case class continue def del elif else except False finally ' +
    'for from global if import in is lambda match None nonlocal not or pass raise return True try ' +
    'while with yield'
  ).split(' '),
);
const TOKEN =
  /(#.*$)|([rbfuRBFU]{0,2}(?:"""|'''))|([rbfuRBFU]{0,2}"(?:[^"\\]|\\.)*"?|[rbfuRBFU]{0,2}'(?:[^'\\]|\\.)*'?)|(\b\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?\b|\B\.\d+)|(@[A-Za-z_][\w.]*)|([A-Za-z_]\w*)/g;

/** The spans of one line of Python, and what the next line begins inside of. */
export function pythonLine(line: string, inside: Inside): { spans: Span[]; inside: Inside } {
  const spans: Span[] = [];
  const push = (colour: Colour, text: string) => {
    if (text) spans.push({ colour, text });
  };
  let at = 0;
  let within = inside;
  while (at < line.length) {
    if (within) {
      const close = line.indexOf(within, at);
      const end = close < 0 ? line.length : close + 3;
      push('text', line.slice(at, end));
      at = end;
      if (close >= 0) within = null;
      continue;
    }
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(line);
    if (!found) break;
    push('plain', line.slice(at, found.index));
    const [all, comment, triple, text, digits, decorator, word] = found;
    at = found.index + all.length;
    if (comment !== undefined) push('comment', all);
    else if (triple !== undefined) {
      push('text', all);
      within = triple.endsWith('"""') ? '"""' : "'''";
    } else if (text !== undefined) push('text', all);
    else if (digits !== undefined) push('number', all);
    else if (decorator !== undefined) push('decorator', all);
    else if (word !== undefined) push(colourOfWord(word, line.slice(0, found.index)), all);
  }
  push('plain', line.slice(at));
  return { spans, inside: within };
}

function colourOfWord(word: string, before: string): Colour {
  if (KEYWORDS.has(word)) return 'keyword';
  return /\b(?:def|class)\s+$/.test(before) ? 'name' : 'plain';
}
