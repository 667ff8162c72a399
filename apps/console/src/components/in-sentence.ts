/** A label as it stands within a sentence: "Master key" → "master key"; names keep their capitals. */
export function inSentence(label: string): string {
  return /^(REST|JavaScript|GraphQL|LiveQuery)\b/.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1);
}

/** Begins with a capital and ends with a stop. */
export function asSentence(text: string): string {
  const trimmed = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
