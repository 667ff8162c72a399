import { catalogue } from '@berth/errors/catalogue';

/** `docs/errors.md` from the catalogue. */
export function errorsPage(): string {
  const rows = Object.entries(catalogue)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, { status, sentence, next }]) => `| \`${code}\` | ${status} | ${cell(sentence)} | ${cell(next)} |`);
  return `# Errors

Made from \`libs/errors/src/catalogue.ts\` by \`npm run generate\`. Every error answer is JSON of the form
\`{"code", "message", "next", "details", "requestId"}\`; the code never changes its meaning. \`{name}\` stands for a value from \`details\`.

| code | status | message | what to do |
|---|---|---|---|
${rows.join('\n')}
`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
