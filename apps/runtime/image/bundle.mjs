// @ts-check
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { inlineSql, lazyRequires, patchSource } from './rewrite-parse-server.mjs';

/** @typedef {import('esbuild').Plugin} Plugin @typedef {import('esbuild').BuildOptions} BuildOptions */

const APP = fileURLToPath(new URL('..', import.meta.url));
const REPOSITORY = join(APP, '../..');
const CONTRACT = join(REPOSITORY, 'libs/contracts/src/runtime-config.ts');
/** Resolves as Parse Server's own files do: there must be one `parse`, one `express`, one `ws` in the bundle. */
const fromParseServer = createRequire(
  join(createRequire(join(APP, 'package.json')).resolve('parse-server/package.json'), '../lib/x.js'),
);
export const PARSE_SERVER = join(fromParseServer.resolve('parse-server/package.json'), '..');

/** Loaded from the second bundle at the first use of any of their properties. */
const COLD = [
  ...['graphql', 'graphql-relay', 'graphql-list-fields', '@apollo/server', '@apollo/server/plugin/disabled'],
  ...['@as-integrations/express5', '@graphql-tools/utils', '@graphql-tools/schema', '@graphql-tools/merge'],
  ...['graphql-upload/graphqlUploadExpress.js', 'ldapjs', 'jwks-rsa', 'node-forge', 'tv4'],
  ...['pg-monitor', 'otpauth', 'mustache', 'commander', 'jsonwebtoken', 'follow-redirects', 'express-rate-limit', 'pluralize'],
  ...['crypto-js', 'idb-keyval', 'bcryptjs', '@fastify/busboy', 'semver', 'punycode/punycode.js', '@parse/push-adapter'],
];
/** In the second bundle too, but a value of its own, which nothing can stand in for: taken when the module that wants it is loaded. */
const COLD_VALUES = ['graphql-upload/GraphQLUpload.js'];
/** What a backend on PostgreSQL without Redis never touches. */
const ABSENT = ['mongodb', 'bson', 'react-native-crypto-js', 'redis', 'rate-limit-redis', 'winston', 'winston-daily-rotate-file'];
const EXTERNAL = [
  '@node-rs/*',
  'pg-native',
  'cardinal',
  'pm2',
  '@opentelemetry/*',
  'bufferutil',
  'utf-8-validate',
  'cloudflare:sockets',
];

/**
 * Bundles the runtime's Node part into `main.js`, which every runtime reads, and `main.cold.js`, which few do.
 * @param {string} outDir
 */
export async function bundleRuntime(outDir) {
  const contract = createHash('sha256')
    .update(await readFile(CONTRACT))
    .digest('hex')
    .slice(0, 12);
  const main = join(outDir, 'main.js');
  const cold = join(outDir, 'main.cold.js');
  await build({
    ...common,
    entryPoints: [join(APP, 'src/main.ts')],
    outfile: main,
    define: { CONTRACT_HASH: JSON.stringify(contract) },
    banner: {
      js: '"use strict";let coldModules;globalThis.__cold=(name)=>(coldModules??=require(__dirname+"/main.cold.js"))[name];',
    },
    plugins: [sameVersions, absent, ...lazy],
  });
  const getters = [...COLD, ...COLD_VALUES, '@berth/contracts/runtime-config'].map(
    (name) => `get ${JSON.stringify(name)}(){return require(${JSON.stringify(name)})}`,
  );
  await build({
    ...common,
    stdin: { contents: `module.exports={${getters.join(',')}}`, resolveDir: join(PARSE_SERVER, 'lib') },
    outfile: cold,
    plugins: [sameVersions, absent],
  });
  await Promise.all([main, cold].map(toAscii));
}

/** @type {BuildOptions} */
const common = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  minify: true,
  keepNames: false,
  legalComments: 'none',
  logLevel: 'error',
  external: EXTERNAL,
  charset: 'ascii',
  tsconfigRaw: '{"compilerOptions":{"experimentalDecorators":true}}',
};

/** @type {Plugin} */
const sameVersions = {
  name: 'same-versions',
  setup(builder) {
    builder.onResolve({ filter: /^(parse\/node|express|ws|parse-server\/.*)$/ }, ({ path, importer, namespace }) => {
      if (namespace !== 'file' || !importer.startsWith(join(APP, 'src'))) return undefined;
      return { path: fromParseServer.resolve(path) };
    });
    builder.onResolve({ filter: /^@berth\/contracts\// }, ({ path }) => ({
      path: join(REPOSITORY, 'libs/contracts/src', `${path.slice('@berth/contracts/'.length)}.ts`),
    }));
  },
};

/** Stands in for packages that are not there: a function of which every property is itself, so that classes may extend it. @type {Plugin} */
const absent = {
  name: 'absent',
  setup(builder) {
    const filter = new RegExp(`^(${ABSENT.join('|')})$`);
    builder.onResolve({ filter }, ({ path }) => ({ path, namespace: 'absent' }));
    builder.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({
      contents: `const f=function Absent(){};module.exports=new Proxy(f,{get:(t,k)=>k==='__esModule'?false:k===Symbol.toPrimitive?undefined:
        k==='prototype'?t.prototype:module.exports});`,
    }));
    // Parse Server's own logger, before it gets ours
    builder.onResolve({ filter: /Logger\/WinstonLoggerAdapter$/ }, () => ({ path: join(APP, 'src/log/parse-logger.ts') }));
  },
};

/** @type {Plugin[]} */
const lazy = [
  {
    name: 'lazy',
    setup(builder) {
      const names = new Set([...COLD, ...COLD_VALUES]);
      builder.onResolve({ filter: /.*/ }, ({ path, namespace }) =>
        namespace !== 'cold' && names.has(path) ? { path, namespace: 'cold' } : undefined,
      );
      builder.onLoad({ filter: /.*/, namespace: 'cold' }, ({ path }) => ({
        contents: COLD_VALUES.includes(path) ? `module.exports=globalThis.__cold(${JSON.stringify(path)})` : coldProxy(path),
      }));
      builder.onLoad({ filter: /parse-server[\\/]lib[\\/].*\.js$/ }, async ({ path }) => {
        const inlined = await inlineSql(path);
        if (inlined !== null) return { contents: inlined };
        return { contents: lazyRequires(patchSource(path, await readFile(path, 'utf8'))) };
      });
    },
  },
];

/** A module that is loaded when the first of its properties is read. @param {string} name */
function coldProxy(name) {
  return `let m;const g=()=>m??=globalThis.__cold(${JSON.stringify(name)});
module.exports=new Proxy(function(){},{
  get(_,k){if(k==='__esModule')return false;const x=g();return k==='default'?(x&&x.default!==undefined?x.default:x):x[k]},
  apply:(_,t,a)=>g().apply(t,a),construct:(_,a)=>Reflect.construct(g(),a),has:(_,k)=>k in g(),ownKeys:()=>['prototype']});`;
}

/** One other character makes V8 hold all of the source at two bytes each. @param {string} file */
async function toAscii(file) {
  const text = await readFile(file, 'utf8');
  const ascii = text.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (ascii !== text) await writeFile(file, ascii);
}
