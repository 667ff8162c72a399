/** What `show info` tells of the worker behind the socket. */
export interface HaproxyInfo {
  pid: number;
  startedAt: number;
  version: string;
  /** True in a worker that only finishes what it has begun: a newer one takes the new requests. */
  stopping: boolean;
  /** The mark of the configuration it was started with. */
  description: string;
  connections: number;
  maxConnections: number;
  droppedLogs: number;
  memoryBytes: number;
}

export function parseInfo(text: string): HaproxyInfo {
  const fields = new Map(text.split('\n').map((line) => splitOnce(line, ': ')));
  const number = (name: string) => Number(fields.get(name) ?? 0);
  return {
    pid: number('Pid'),
    startedAt: number('Start_time_sec'),
    version: fields.get('Version') ?? '',
    stopping: number('Stopping') !== 0,
    description: fields.get('description') ?? '',
    connections: number('CurrConns'),
    maxConnections: number('Maxconn'),
    droppedLogs: number('DroppedLogs'),
    memoryBytes: number('PoolAlloc_bytes'),
  };
}

/** Rows of `show stat`, as column → text. */
export function parseStat(text: string): Record<string, string>[] {
  const [head, ...rows] = text.split('\n').filter((line) => line !== '');
  if (!head) return [];
  const columns = head.replace(/^# /, '').split(',');
  return rows.map((row) => {
    const values = row.split(',');
    return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']));
  });
}

function splitOnce(line: string, separator: string): [string, string] {
  const at = line.indexOf(separator);
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + separator.length).trim()];
}
