describe('what to do when apt fails', () => {
  it.each([
    ['E: You don’t have enough free space in /var/cache/apt/archives/.', 'The disk is full: free some room and start again.'],
    [
      'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 12 (apt)',
      'Another program uses apt: wait until it has finished and start again.',
    ],
    [
      'E: dpkg was interrupted, you must manually run dpkg --configure -a',
      'The package database needs care first: dpkg --configure -a && apt-get -f install',
    ],
    [
      'E: Unable to locate package haproxy',
      'apt’s sources do not have it: they must name this system’s main (on Ubuntu also universe) archive.',
    ],
    [
      'E: Failed to fetch http://mirror.example',
      'See the lines above; "apt-get update" must work on this machine. Then start again.',
    ],
  ])('%s', async (line, action) => {
    const { aptError } = await import('./packages.mjs');
    expect(aptError(['haproxy'], ['Reading package lists...', line])).toMatchObject({
      message: 'apt could not install haproxy.',
      action,
      output: ['Reading package lists...', line],
    });
  });
});
