describe('supported systems', () => {
  const debian = (version: string) => `PRETTY_NAME="Debian GNU/Linux ${version}"\nID=debian\nVERSION_ID="${version}"\n`;

  it.each([
    ['Debian 12', debian('12')],
    ['Debian 13', debian('13')],
    ['Ubuntu 24.04', 'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n'],
  ])('takes %s', async (_, text) => {
    const { parseOsRelease, unsupported } = await import('./machine.mjs');
    expect(unsupported(parseOsRelease(text), 'linux', 'x64')).toBeUndefined();
    expect(unsupported(parseOsRelease(text), 'linux', 'arm64')).toBeUndefined();
  });

  it.each([
    ['Debian 11', debian('11'), 'linux', 'x64', 'this is Debian GNU/Linux 11.'],
    ['Fedora', 'PRETTY_NAME="Fedora Linux 42"\nID=fedora\nVERSION_ID=42\n', 'linux', 'x64', 'this is Fedora Linux 42.'],
    ['Ubuntu 20.04', 'PRETTY_NAME="Ubuntu 20.04"\nID=ubuntu\nVERSION_ID="20.04"\n', 'linux', 'x64', 'this is Ubuntu 20.04.'],
    ['a Mac', '', 'darwin', 'arm64', 'this is darwin on arm64.'],
    ['32 bit', debian('12'), 'linux', 'ia32', 'this is Debian GNU/Linux 12 on ia32.'],
  ])('says in one sentence that it does not run on %s', async (_, text, system, architecture, end) => {
    const { parseOsRelease, unsupported } = await import('./machine.mjs');
    const sentence = unsupported(parseOsRelease(text), system, architecture);
    expect(sentence).toBe(`Berth’s setup runs on Debian 12, Debian 13 and Ubuntu 22.04 or later, on x64 and arm64; ${end}`);
  });
});
