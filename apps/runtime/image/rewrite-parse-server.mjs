// @ts-check
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Makes the `require`s at the top of one of Parse Server's compiled files lazy: each becomes a getter that loads its module when it is
 * first used. At boot most of them never are.
 * @param {string} source
 */
export function lazyRequires(source) {
  /** @type {{ name: string, interop: string | undefined, path: string }[]} */
  const found = [];
  let rest = source.replace(
    /^var (_\w+) = (?:(_interopRequire(?:Default|Wildcard))\()?require\("([^"]+)"\)\)?;$/gm,
    (_, name, interop, path) => {
      found.push({ name, interop, path });
      return '';
    },
  );
  for (const { name } of found) {
    // not a property (`x._name`), but after a spread (`..._name`)
    rest = rest.replace(new RegExp(`(?<![\\w$])(?<!(?<!\\.\\.)\\.)${name}(?![\\w$])`, 'g'), `$L.${name}`);
  }
  const getters = found.map(({ name, interop, path }) => {
    const value = interop ? `${interop}(require("${path}"))` : `require("${path}")`;
    return `get ${name}(){const value=${value};Object.defineProperty($L,"${name}",{value});return value}`;
  });
  return `"use strict";const $L={${getters.join(',')}};${rest}`;
}

/**
 * Changes that no option of Parse Server offers.
 * @param {string} path @param {string} source
 */
export function patchSource(path, source) {
  let text = source.replace(/\n\/\/# sourceMappingURL=.*/g, '');
  if (path.endsWith('/ParseServer.js')) {
    // it would end the process at the first uncaught error, once for each app that was ever built; src/keep-alive.ts decides that
    text = replaceOnce(text, /process\.on\('uncaughtException', err => \{/, 'if (false) (() => {})(err => {');
    text = replaceOnce(text, /\{\s*parse\s*\} = require\('graphql'\)/, "parse = (...args) => require('graphql').parse(...args)");
  }
  if (path.endsWith('/AdapterLoader.js')) {
    // without credentials there is nothing that could send a push
    text = replaceOnce(
      text,
      /await import\(modulePath\)/,
      `{ default: class { send() { return Promise.resolve([]); } getValidPushTypes() { return []; } } }`,
    );
  }
  return text;
}

/** @param {string} text @param {RegExp} pattern @param {string} by */
function replaceOnce(text, pattern, by) {
  if (!pattern.test(text)) throw new Error(`Parse Server has changed: ${pattern} is not there any more`);
  return text.replace(pattern, by);
}

/**
 * Parse Server reads a few SQL files beside its code, which a bundle has not: their text is put in.
 * @param {string} path
 * @returns {Promise<string | null>} null for every other file
 */
export async function inlineSql(path) {
  if (!path.endsWith('/Postgres/sql/index.js')) return null;
  const source = await readFile(path, 'utf8');
  const files = [...source.matchAll(/sql\('([^']+\.sql)'\)/g)].map(([, file]) => file ?? '');
  const texts = await Promise.all(files.map(async (file) => [file, await readFile(join(dirname(path), file), 'utf8')]));
  if (texts.length === 0) throw new Error('Parse Server has changed: its SQL files are elsewhere');
  const table = `const texts=${JSON.stringify(Object.fromEntries(texts))};`;
  return `${table}const sql=(file)=>texts[file];${source.slice(source.indexOf('module.exports'), source.indexOf('function sql('))}`;
}
