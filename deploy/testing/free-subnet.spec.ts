describe('address ranges for tests', () => {
  const table = [
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU',
    'eth0\t00000000\t0100A8C0\t0003\t0\t0\t0\t00000000\t0',
    'docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0',
  ].join('\n');

  it('reads the routes, the default one left out', async () => {
    const { parseRoutes } = await import('./free-subnet.mjs');
    expect(parseRoutes(table)).toEqual([{ network: 0xac110000, mask: 0xffff0000 }]);
  });

  it('gives a /22 beside the default range of the platform', async () => {
    const { freeSubnet } = await import('./free-subnet.mjs');
    expect(freeSubnet()).toMatch(/^10\.2(1[4-9]|[23]\d)\.\d{1,3}\.0\/22$/);
  });
});
