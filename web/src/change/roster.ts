// A plan made by hand, read from a file: who makes which visits in which order. JSON goes as it is; of a
// spreadsheet two columns are looked at, the carer and the visit, as those that the page hands out have them.

/** What a spreadsheet calls the two columns. */
const CARER = ['ansatt', 'tilsett', 'carer'];
const VISIT = ['besøk', 'besok', 'visit'];

/** The cells of a line; a cell may stand in quotes. */
function cells(line: string, delimiter: string): string[] {
  const found: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (const sign of line) {
    if (sign === '"') {
      isQuoted = !isQuoted;
    } else if (sign === delimiter && !isQuoted) {
      found.push(cell);
      cell = '';
    } else {
      cell += sign;
    }
  }
  return [...found, cell].map((one) => one.trim().replace(/^'/, ''));
}

/** The body of an evaluation; `null` where the file has no such columns. */
export function rosterOf(text: string): string | null {
  const whole = text.replace(/^\uFEFF/, '');
  if (whole.trimStart().startsWith('{')) return whole;
  const [head = '', ...rows] = whole.split(/\r?\n/).filter((line) => line.trim() !== '');
  const delimiter = head.includes(';') ? ';' : head.includes('\t') ? '\t' : ',';
  const columns = cells(head, delimiter).map((name) => name.toLowerCase());
  const [carer, visit] = [CARER, VISIT].map((names) => columns.findIndex((name) => names.includes(name)));
  if (carer === undefined || visit === undefined || carer < 0 || visit < 0) return null;
  const lists = new Map<string, { visit: string }[]>();
  for (const row of rows) {
    const found = cells(row, delimiter);
    const [who, what] = [found[carer] ?? '', found[visit] ?? ''];
    if (who !== '' && what !== '') lists.set(who, [...lists.get(who) ?? [], { visit: what }]);
  }
  const workLists = [...lists].map(([who, stops]) => ({ carer: who, stops }));
  return JSON.stringify({ schemaVersion: '1.0', workLists });
}
