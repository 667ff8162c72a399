describe('a log line for people', () => {
  const time = new Date(2026, 0, 2, 3, 4, 5).toISOString();

  it('shows time, level, who, message and what else it carries', async () => {
    const { formatLogLine } = await import('./format-log-line.mjs');
    const line = JSON.stringify({
      level: 'info',
      time,
      process: 'api',
      pid: 1,
      hostname: 'h',
      port: 4000,
      who: { id: 1 },
      msg: 'API listens',
    });
    expect(formatLogLine('api', line)).toBe('03:04:05 info  api        API listens port=4000 who={"id":1}');
  });

  it('shows the stack of an error below', async () => {
    const { formatLogLine } = await import('./format-log-line.mjs');
    const line = JSON.stringify({
      level: 'error',
      time,
      msg: 'failed',
      err: { type: 'Error', message: 'x', stack: 'Error: x\n    at y' },
    });
    expect(formatLogLine('worker', line)).toBe('03:04:05 error worker     failed\n    Error: x\n    at y');
  });

  it('passes on what is no JSON, and shortens what is long', async () => {
    const { formatLogLine } = await import('./format-log-line.mjs');
    expect(formatLogLine('redis', '# Server initialized ')).toBe('              redis      # Server initialized');
    expect(formatLogLine('api', '{ not json')).toContain('{ not json');
    expect(formatLogLine('api', JSON.stringify({ level: 'info', time, msg: 'm', long: 'x'.repeat(500) }))).toHaveLength(
      '03:04:05 info  api        m '.length + 'long='.length + 120 + '…'.length,
    );
  });

  it('colours the level only when asked to', async () => {
    const { formatLogLine } = await import('./format-log-line.mjs');
    const line = JSON.stringify({ level: 'error', time, msg: 'm' });
    expect(formatLogLine('api', line, { colour: true })).toContain('\u001b[31merror\u001b[39m');
    expect(formatLogLine('api', line)).not.toContain('\u001b');
  });
});
