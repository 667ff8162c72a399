describe('which npm packages are missing', () => {
  const wanted = {
    packages: {
      '': {},
      'apps/cli': { version: '0.1.0' },
      'node_modules/@berth/cli': { link: true },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0' },
      'node_modules/only-for-macs': { version: '1.0.0', optional: true },
      'apps/cli/node_modules/c': { version: '3.0.0' },
    },
  };

  it('names those that are not there, or in another version', async () => {
    const { missingFrom } = await import('./npm-packages.mjs');
    const installed = { packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.9.0' } } };
    expect(missingFrom(installed, wanted)).toEqual(['node_modules/b', 'apps/cli/node_modules/c']);
  });

  it('is content when all that this system needs is there', async () => {
    const { missingFrom } = await import('./npm-packages.mjs');
    const installed = { packages: { ...wanted.packages, 'node_modules/only-for-macs': {} } };
    expect(missingFrom(installed, wanted)).toEqual([]);
  });

  it('names those whose folder somebody removed', async () => {
    const { missingFrom } = await import('./npm-packages.mjs');
    expect(missingFrom(wanted, wanted, (path) => path !== 'node_modules/a')).toEqual(['node_modules/a']);
  });

  it('names all in a clone without node_modules', async () => {
    const { missingFrom } = await import('./npm-packages.mjs');
    expect(missingFrom({}, wanted)).toHaveLength(3);
  });
});
