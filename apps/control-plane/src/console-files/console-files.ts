import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

const ownPaths = /^\/(v1|health|metrics|openapi\.json)(\/|$)/;
const yearSeconds = 31_536_000;

/** Where the built console may lie: beside the bundled process, or in the clone. */
export function consoleFolder(from = __dirname): string | undefined {
  const candidates = [join(from, 'console'), join(from, '..', '..', '..', 'console', 'dist')];
  return candidates.find((folder) => existsSync(join(folder, 'index.html')));
}

/** Serves the console. Its pages are made in the browser, so every path that is not the API's gets the same document. */
export function useConsoleFiles(api: NestExpressApplication, folder = consoleFolder()): void {
  if (folder === undefined) return;
  api.useStaticAssets(folder, {
    index: false,
    redirect: false,
    dotfiles: 'ignore',
    setHeaders: (response, path) => {
      // Vite puts a hash of the content into the names of what lies in assets/.
      const hashed = path.startsWith(join(folder, 'assets'));
      response.setHeader('Cache-Control', hashed ? `public, max-age=${yearSeconds}, immutable` : 'no-cache');
    },
  });
  api.use((request: Request, response: Response, next: NextFunction) => {
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && request.accepts(['json', 'html']) === 'html';
    if (!isPage || ownPaths.test(request.path) || request.path.startsWith('/assets/')) return next();
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile('index.html', { root: folder });
  });
}
