export type TokenKind =
  'word' | 'field' | 'compare' | 'number' | 'text' | 'open' | 'close' | 'comma';

export interface Token {
  kind: TokenKind;
  text: string;
  from: number;
  to: number;
}

const RULES: [TokenKind, RegExp][] = [
  ['field', /[a-z]\w*\s*\.\s*(?:`(?:[^`]|``)*`?|"(?:[^"]|"")*"?|[\w./-]*)/iy],
  ['compare', /!=|<>|<=|>=|==|=|<|>/y],
  ['number', /[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy],
  ['text', /'(?:[^']|'')*'?|"(?:[^"]|"")*"?/y],
  ['open', /\(/y],
  ['close', /\)/y],
  ['comma', /,/y],
  ['word', /[a-z_]\w*/iy],
];

/** The tokens of a filter, as far as it is typed; what fits no rule is stepped over. */
export function tokens(filter: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < filter.length) {
    const token = tokenAt(filter, at);
    if (token) found.push(token);
    at = token ? token.to : at + 1;
  }
  return found;
}

function tokenAt(filter: string, at: number): Token | null {
  for (const [kind, rule] of RULES) {
    rule.lastIndex = at;
    const text = rule.exec(filter)?.[0];
    if (text) return { kind, text, from: at, to: at + text.length };
  }
  return null;
}
