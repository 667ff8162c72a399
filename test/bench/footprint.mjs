// node test/bench/footprint.mjs: what each process of the running platform costs, idle. Memory is PSS (shared pages are split among
// those who share them) and what of it is swapped out; CPU is the share of one core over some seconds.
import { readdirSync, readFileSync } from 'node:fs';
import { dockerEngine } from '../../deploy/lib/docker.mjs';
import { readJson } from '../../deploy/lib/files.mjs';
import { ourProcesses } from '../../deploy/lib/our-processes.mjs';
import { readSetupSettings } from '../../deploy/lib/settings.mjs';
import { sleep } from '../../deploy/lib/wait.mjs';

const OBSERVED_MS = 10_000;
const TICKS_PER_SECOND = 100;
const TARGET_MB = 700;

const { home, values } = readSetupSettings();
const ours = ourProcesses(home);
const parts = [...ours].filter(([, name]) => name !== 'dockerd').map(([pid, name]) => ({ name, pids: family(pid) }));
const platform = readJson(home.platform, undefined);
if (platform?.mongodb) {
  const { State } = await dockerEngine(values.BERTH_DOCKER_SOCKET).inspect(platform.mongodb.name);
  parts.push({ name: 'mongodb', pids: family(State.Pid) });
}
const before = parts.map(({ pids }) => ticks(pids));
await sleep(OBSERVED_MS);
let total = 0;
for (const [index, { name, pids }] of parts.entries()) {
  const megabytes = memory(pids);
  total += megabytes;
  const cpu = ((ticks(pids) - before[index]) / TICKS_PER_SECOND / (OBSERVED_MS / 1000)) * 100;
  console.log(
    `${name.padEnd(12)} ${megabytes.toFixed(1).padStart(7)} MB ${cpu.toFixed(2).padStart(7)} % CPU  ${pids.length} processes`,
  );
}
console.log(`${'all'.padEnd(12)} ${total.toFixed(1).padStart(7)} MB of ${TARGET_MB} MB`);
process.exitCode = total <= TARGET_MB ? 0 : 1;

/** A process and all that come from it, other parts excepted. */
function family(root) {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), Number(statOf(name)[1])]),
  );
  const found = [root];
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid && !ours.has(child)) found.push(child);
  return found;
}

/** Fields of /proc/<pid>/stat from the state on; empty when it has ended. */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function ticks(pids) {
  return pids.reduce((sum, pid) => sum + Number(statOf(pid)[11] ?? 0) + Number(statOf(pid)[12] ?? 0), 0);
}

/** PSS and swap in MB. */
function memory(pids) {
  const text = pids.map((pid) => rollup(pid)).join('\n');
  return [...text.matchAll(/^(?:Pss|SwapPss): +(\d+) kB$/gm)].reduce((sum, match) => sum + Number(match[1]), 0) / 1024;
}

function rollup(pid) {
  try {
    return readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  } catch {
    return '';
  }
}
