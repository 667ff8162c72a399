describe('counting test results', () => {
  const report = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, numRuntimeErrorTestSuites: 1 };

  it('counts a file that could not run as a failed test', async () => {
    const { countReport } = await import('./jest.mjs');
    expect(countReport(report)).toEqual({ passed: 5, failed: 2, skipped: 3 });
  });

  it('sums the layers into the closing line', async () => {
    const { closingLine, countReport, countResults } = await import('./jest.mjs');
    expect(closingLine(countResults([countReport(report), { passed: 1, failed: 0, skipped: 0 }]))).toBe(
      '6 passed, 2 failed, 3 skipped',
    );
  });
});
