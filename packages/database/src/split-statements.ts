/** Text whose semicolons end no statement: comments, strings, quoted names and dollar-quoted bodies. */
const HIDDEN = [
  String.raw`--[^\n]*`,
  String.raw`/\*[\s\S]*?\*/`,
  String.raw`\b[eE]'(?:\\[\s\S]|''|[^'\\])*'`,
  String.raw`'(?:''|[^'])*'`,
  String.raw`"(?:""|[^"])*"`,
  String.raw`(?<body>\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?\k<body>`,
].join('|');
const STATEMENT = new RegExp(`(?:${HIDDEN}|[^;])+`, 'g');
const COMMENTS = /--[^\n]*|\/\*[\s\S]*?\*\//g;

/** Splits a script at the semicolons that end its statements. A function body has to be dollar-quoted. */
export function splitStatements(script: string): string[] {
  const statements = script.match(STATEMENT) ?? [];
  return statements.filter((statement) => statement.replaceAll(COMMENTS, '').trim() !== '');
}
