import { runProgram } from './program';

void runProgram(process.argv.slice(2), process.env, process).then((exitCode) => {
  process.exitCode = exitCode;
});
