/** Headers that belong to one connection. `transfer-encoding` and `trailer` stay: they tell of the body, which goes on as it came. */
const connectionHeaders = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'upgrade']);

/** Flat list of names and values, as Node has them in `rawHeaders`, without those of the connection. */
export function forwardedHeaders(raw: readonly string[], alsoDrop: readonly string[] = []): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const [name, value] = [raw[i] as string, raw[i + 1] as string];
    const lower = name.toLowerCase();
    if (!connectionHeaders.has(lower) && !alsoDrop.includes(lower)) kept.push(name, value);
  }
  return kept;
}

/** Host and port of `<address>/<port>`. */
export function parseTarget(target: string): { host: string; port: number } {
  const slash = target.lastIndexOf('/');
  return { host: target.slice(0, slash), port: Number(target.slice(slash + 1)) };
}
