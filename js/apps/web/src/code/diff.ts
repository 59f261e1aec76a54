export interface DiffLine {
  sign: '+' | '-' | ' ' | '@';
  text: string;
  left: number | null;
  right: number | null;
}

export interface FileDiff {
  path: string;
  lines: DiffLine[];
  added: number;
  removed: number;
}

/** The files of a unified diff, as git writes one, with the numbers of their lines. */
export function parseDiff(diff: string): FileDiff[] {
  const files: FileDiff[] = [];
  let file: FileDiff | null = null;
  let left = 0;
  let right = 0;
  let isHead = true;
  for (const line of diff.split('\n')) {
    const begins = /^diff --git (?:"?a\/(.*?)"?) "?b\/(.*?)"?$/.exec(line);
    const plain: RegExpExecArray | null = isHead ? /^\+\+\+ (?:b\/)?([^\t]+)/.exec(line) : null;
    if (begins) {
      file = { path: begins[2] ?? '', lines: [], added: 0, removed: 0 };
      files.push(file);
      isHead = true;
      continue;
    }
    if (plain && !file) {
      file = { path: plain[1] ?? '', lines: [], added: 0, removed: 0 };
      files.push(file);
    }
    if (!file) continue;
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line);
    if (hunk) {
      left = Number(hunk[1]);
      right = Number(hunk[2]);
      isHead = false;
      file.lines.push({ sign: '@', text: line, left: null, right: null });
      continue;
    }
    if (isHead || line.startsWith('\\')) continue;
    const text = line.slice(1);
    if (line.startsWith('+')) {
      file.lines.push({ sign: '+', text, left: null, right: right++ });
      file.added += 1;
    } else if (line.startsWith('-')) {
      file.lines.push({ sign: '-', text, left: left++, right: null });
      file.removed += 1;
    } else if (line.startsWith(' ')) {
      file.lines.push({ sign: ' ', text, left: left++, right: right++ });
    }
  }
  return files;
}
