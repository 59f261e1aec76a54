import { describe, expect, it } from 'vitest';
import { parseDiff } from './diff';
import { pythonLine } from './python';

describe('a diff', () => {
  it('is cut into files with the numbers of their lines', () => {
    const [file, other] = parseDiff(
      [
        'diff --git a/fit.py b/fit.py',
        'index 1..2 100644',
        '--- a/fit.py',
        '+++ b/fit.py',
        '@@ -9,2 +9,3 @@ def f():',
        ' same',
        '-old',
        '+new',
        '+--- not a head',
        'diff --git a/b c.txt b/b c.txt',
        '@@ -1 +1 @@',
        '-x',
        '\\ No newline at end of file',
      ].join('\n'),
    );
    expect(file).toMatchObject({ path: 'fit.py', added: 2, removed: 1 });
    expect(file?.lines.map((line) => [line.sign, line.left, line.right])).toEqual([
      ['@', null, null],
      [' ', 9, 9],
      ['-', 10, null],
      ['+', null, 10],
      ['+', null, 11],
    ]);
    expect(other).toMatchObject({ path: 'b c.txt', removed: 1 });
  });
});

describe('a line of Python', () => {
  const colours = (line: string) =>
    pythonLine(line, null).spans.map((span) => [span.colour, span.text]);

  it('is told apart into its parts and loses none of them', () => {
    expect(colours('def f(x=1):  # "why"')).toEqual([
      ['keyword', 'def'],
      ['plain', ' '],
      ['name', 'f'],
      ['plain', '('],
      ['plain', 'x'],
      ['plain', '='],
      ['number', '1'],
      ['plain', '):  '],
      ['comment', '# "why"'],
    ]);
  });

  it('knows a text over several lines', () => {
    const first = pythonLine('x = """a', null);
    expect(first.inside).toBe('"""');
    const second = pythonLine('def b""" + y', first.inside);
    expect(second.inside).toBeNull();
    expect(second.spans[0]).toEqual({ colour: 'text', text: 'def b"""' });
  });
});
