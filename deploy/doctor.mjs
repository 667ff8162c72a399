// @ts-check
// npm run doctor: looks at each part, says what is wrong and how to mend it. Changes nothing.
import { parseArgs } from 'node:util';
import { diagnose } from './doctor/diagnose.mjs';
import { main, requireRoot } from './lib/main.mjs';
import { readSetupSettings } from './lib/settings.mjs';

const MARKS = { ok: '✓', warning: '!', wrong: '✗' };

await main(async () => {
  const { values } = parseArgs({ options: { json: { type: 'boolean' } } });
  requireRoot('npm run doctor');
  const findings = await diagnose(readSetupSettings());
  const wrong = findings.filter(({ state }) => state === 'wrong').length;
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ healthy: wrong === 0, findings })}\n`);
  } else {
    for (const { state, part, found, mend } of findings) {
      process.stdout.write(`  ${MARKS[state]} ${part.padEnd(26)} ${found}\n${mend ? `    → ${mend}\n` : ''}`);
    }
    process.stdout.write(
      wrong === 0 ? '\nNothing is wrong.\n' : `\n${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong.\n`,
    );
  }
  return wrong === 0 ? 0 : 1;
});
