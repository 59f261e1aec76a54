import { type Token, tokens } from './tokens';

export interface Option {
  label: string;
  insert: string;
  detail: string;
}

export interface Completion {
  from: number;
  to: number;
  options: Option[];
}

export interface Vocabulary {
  fields: readonly string[];
  values: (field: string) => readonly string[];
}

type Wanted = 'field' | 'operator' | 'value' | 'joiner';

const OPERATORS: [string, string][] = [
  ['=', 'equal'],
  ['!=', 'not equal'],
  ['>', 'greater'],
  ['>=', 'greater or equal'],
  ['<', 'less'],
  ['<=', 'less or equal'],
  ['LIKE', "text with % for anything: '%.csv'"],
  ['ILIKE', 'as LIKE, upper and lower case alike'],
  ['IN', "one of: ('a', 'b')"],
  ['IS NULL', 'not there'],
  ['IS NOT NULL', 'there'],
];
const JOINERS: [string, string][] = [
  ['and', 'both hold'],
  ['or', 'one holds'],
];
const MOST = 12;

/** What can stand at `caret` of the filter, and which part of the text it takes the place of. */
export function complete(filter: string, caret: number, words: Vocabulary): Completion {
  const before = tokens(filter.slice(0, caret));
  const typed = before.at(-1);
  const partial = typed && typed.to === caret && isOpen(typed) ? typed : undefined;
  const settled = partial ? before.slice(0, -1) : before;
  const { wanted, field } = expected(settled);
  const typing = partial?.text ?? '';
  return {
    from: partial?.from ?? caret,
    to: caret,
    options: ranked(offered(wanted, field, words), typing).slice(0, MOST),
  };
}

/** A word that the caret touches may go on; a sign, a bracket or a closed text is done. */
function isOpen(token: Token): boolean {
  if (token.kind === 'text') return !/^(['"]).*\1$/s.test(token.text) || token.text.length < 2;
  return token.kind === 'word' || token.kind === 'field' || token.kind === 'number';
}

function expected(before: readonly Token[]): { wanted: Wanted; field: string } {
  let wanted: Wanted = 'field';
  let field = '';
  for (const token of before) {
    const word = token.text.toLowerCase();
    if (token.kind === 'open') wanted = wanted === 'value' ? 'value' : 'field';
    else if (token.kind === 'comma') wanted = 'value';
    else if (wanted === 'field' && word !== 'not') {
      if (token.kind !== 'word' && token.kind !== 'field') continue;
      field = token.text;
      wanted = 'operator';
    } else if (wanted === 'operator' && word !== 'not') wanted = 'value';
    else if (wanted === 'value' && word !== 'not') wanted = 'joiner';
    else if (wanted === 'joiner' && (word === 'and' || word === 'or')) wanted = 'field';
  }
  return { wanted, field };
}

function offered(wanted: Wanted, field: string, words: Vocabulary): Option[] {
  if (wanted === 'operator') return OPERATORS.map(([sign, says]) => option(sign, says));
  if (wanted === 'joiner') return JOINERS.map(([sign, says]) => option(sign, says));
  if (wanted === 'value') return words.values(field).map((value) => option(value, ''));
  return words.fields.map((name) => option(name, kindOf(name)));
}

function option(label: string, detail: string): Option {
  return { label, insert: `${label} `, detail };
}

function kindOf(field: string): string {
  const space = /^(params|metrics|tags)\./.exec(field)?.[1];
  return space
    ? ({ params: 'parameter', metrics: 'metric', tags: 'tag' }[space] ?? '')
    : 'attribute';
}

/** Those that begin with what is typed, then those that hold it; shorter ones first. */
function ranked(options: Option[], typing: string): Option[] {
  const typed = typing.toLowerCase().replaceAll(/['"`\s]/g, '');
  if (!typed) return options;
  const score = ({ label }: Option) => {
    const text = label.toLowerCase().replaceAll(/['"`]/g, '');
    const at = text.indexOf(typed);
    if (at < 0 || text === typed) return Infinity;
    const key = text.slice(text.indexOf('.') + 1);
    return (at === 0 || key.startsWith(typed) ? 0 : 1000) + text.length;
  };
  return options
    .map((each) => ({ each, points: score(each) }))
    .filter(({ points }) => points < Infinity)
    .sort((a, b) => a.points - b.points)
    .map(({ each }) => each);
}

/** Where the server says the filter is wrong: `Column 13: …` counts from 1. */
export function errorColumn(detail: string): number | null {
  const found = /\bcolumn (\d+)/i.exec(detail)?.[1];
  return found ? Number(found) : null;
}
