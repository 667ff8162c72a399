describe('steps without a terminal', () => {
  const record = () => {
    const lines: string[] = [];
    return { lines, out: { write: (text: string) => lines.push(text.trimEnd()) } };
  };

  it('are one line each when they are done, with time and outcome', async () => {
    const { createSteps } = await import('./steps.mjs');
    const { lines, out } = record();
    const result = await createSteps(out).run('Swap file', async (step) => {
      step.outcome('8 GB');
      return 8;
    });
    expect(result).toBe(8);
    expect(lines).toEqual([expect.stringMatching(/^ {2}✓ Swap file +\d+\.\d s {2}8 GB$/)]);
  });

  it('say that they failed, and pass the error on', async () => {
    const { createSteps } = await import('./steps.mjs');
    const { lines, out } = record();
    const failing = createSteps(out).run('npm packages', async () => {
      throw new Error('no network');
    });
    await expect(failing).rejects.toThrow('no network');
    expect(lines).toEqual([expect.stringMatching(/^ {2}✗ npm packages/)]);
  });

  it('leave no line when another one’s failure made them pointless', async () => {
    const { createSteps, StepLeft } = await import('./steps.mjs');
    const { lines, out } = record();
    const left = createSteps(out).run('Starting worker', async () => {
      throw new StepLeft();
    });
    await expect(left).rejects.toThrow(StepLeft);
    expect(lines).toEqual([]);
  });
});
