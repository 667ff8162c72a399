// What a browser loads first, compressed: the entry with all it imports at once, and each page's own part. Over the budget = red.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const budget = 250;
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const kilobytes = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length / 1024;

/** The files that importing `key` brings: its chunk, its styles, and those of its static imports. */
function filesOf(key, seen = new Set()) {
  const chunk = manifest[key];
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const style of chunk.css ?? []) seen.add(style);
  for (const imported of chunk.imports ?? []) filesOf(imported, seen);
  return seen;
}

const total = (files) => [...files].reduce((sum, file) => sum + kilobytes(file), 0);
const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const first = filesOf(entry);
const pages = Object.keys(manifest)
  .filter((key) => manifest[key].isDynamicEntry)
  .map((key) => ({ page: key.replace(/^src\//, ''), kb: total([...filesOf(key)].filter((file) => !first.has(file))) }))
  .sort((a, b) => b.kb - a.kb);

const firstLoad = total(first);
const worst = firstLoad + (pages[0]?.kb ?? 0);
for (const { page, kb } of pages) console.log(`${kb.toFixed(1).padStart(7)} KB  ${page}`);
console.log(`${firstLoad.toFixed(1).padStart(7)} KB  shell, before any page`);
console.log(`${worst.toFixed(1).padStart(7)} KB  first load with the largest page (gzip, at most ${budget} KB)`);
if (worst > budget) process.exit(1);
