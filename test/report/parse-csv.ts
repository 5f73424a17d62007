/** Reads RFC 4180 and nothing else: an independent witness of what a spreadsheet would see. */

export function parseCsv(text: string): string[][] {
  if (!text.startsWith('\ufeff')) throw new Error('no byte order mark');
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 1;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      at += 1;
      for (;;) {
        if (at >= text.length) throw new Error('a quote is not closed');
        if (text[at] !== '"') cell += text[at++];
        else if (text[at + 1] === '"') {
          cell += '"';
          at += 2;
        } else break;
      }
      at += 1;
    } else {
      while (at < text.length && text[at] !== ',' && text[at] !== '\r' && text[at] !== '\n') {
        if (text[at] === '"') throw new Error('a quote inside a bare cell');
        cell += text[at++];
      }
    }
    row.push(cell);
    if (text[at] === ',') {
      at += 1;
      if (text[at] === '\r') row.push('');
      else continue;
    }
    if (text[at] !== '\r' || text[at + 1] !== '\n') throw new Error(`no end of row at ${at}`);
    at += 2;
    rows.push(row);
    row = [];
  }
  return rows;
}
