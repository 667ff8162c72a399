describe('log frames of the Docker Engine', () => {
  const frame = (text: string) => Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, text.length]), Buffer.from(text)]);

  it.each([1, 3, 8, 100])('are put together from pieces of %d bytes', async (size) => {
    const { frameDecoder } = await import('./container-log.mjs');
    const all = Buffer.concat([frame('one\n'), frame('two\n'), frame('cut off').subarray(0, 10)]);
    const got: string[] = [];
    const decode = frameDecoder((text) => got.push(text.toString()));
    for (let at = 0; at < all.length; at += size) decode(all.subarray(at, at + size));
    expect(got).toEqual(['one\n', 'two\n']);
  });
});
