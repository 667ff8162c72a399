describe('size of the swap file', () => {
  const GB = 1024 ** 3;

  it.each([
    ['as much as there is memory', 4 * GB, 100 * GB, 4],
    ['at most 8 GB', 64 * GB, 500 * GB, 8],
    ['at most a quarter of the free disk', 8 * GB, 12 * GB, 3],
    ['none on a full disk', 8 * GB, 3 * GB, 0],
  ])('%s', async (_, memory, free, gigabytes) => {
    const { swapSize } = await import('./swap.mjs');
    expect(swapSize({ memory, free })).toBe(gigabytes);
  });
});
