describe('the systemd unit', () => {
  it('ends and restarts the supervisor alone, and makes the swap file useful before', async () => {
    const { unitText } = await import('./service.mjs');
    const lines = unitText({
      home: '/srv/berth',
      node: '/usr/bin/node',
      release: '/srv/berth/releases/abc',
      swapFile: '/srv/berth/swapfile',
    }).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'Environment=BERTH_HOME=/srv/berth',
        'ExecStartPre=-/sbin/swapon /srv/berth/swapfile',
        'ExecStart=/usr/bin/node --max-semi-space-size=1 --max-old-space-size=96 /srv/berth/releases/abc/deploy/supervisor/main.mjs --journal',
        'KillMode=process',
        'Restart=on-failure',
        'RestartForceExitStatus=75',
      ]),
    );
  });

  it('names no swap file where there is none', async () => {
    const { unitText } = await import('./service.mjs');
    expect(unitText({ home: '/h', node: '/n', release: '/r' })).not.toContain('swapon');
  });
});
