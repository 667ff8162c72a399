import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseRange } from './parse-range';

/** Parse's FILE_SAVE_ERROR. */
const fileSaveError = 130;

/**
 * Keeps files on the environment's volume, below `folder`, with the names of `@parse/fs-files-adapter`, so that folders can be exchanged.
 * Unlike it: a file appears complete or not at all, is on the disk when the answer goes out, is streamed in both directions with
 * ranges, and a disk that refuses costs one answer instead of the process.
 */
export class VolumeFilesAdapter {
  readonly supportsStreaming = true;
  maxBytes = Number.POSITIVE_INFINITY;

  constructor(private readonly folder: string) {}

  async createFile(filename: string, data: Buffer | Readable): Promise<void> {
    if (Buffer.isBuffer(data)) this.checkSize(data.length);
    await mkdir(this.folder, { recursive: true });
    const temporary = join(this.folder, `.upload-${randomUUID()}`);
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await pipeline(this.limited(data), createWriteStream(temporary, { fd: file.fd, autoClose: false }));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.pathOf(filename));
      await syncFolder(this.folder);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw readable(error);
    }
  }

  async deleteFile(filename: string): Promise<void> {
    await unlink(this.pathOf(filename));
  }

  getFileData(filename: string): Promise<Buffer> {
    return readFile(this.pathOf(filename));
  }

  getFileLocation(config: { mount: string; applicationId: string }, filename: string): string {
    const path = filename.split('/').map(encodeURIComponent).join('/');
    return `${config.mount}/files/${encodeURIComponent(config.applicationId)}/${path}`;
  }

  /** Answers a request with a `Range` header. Rejects when there is no such file; Parse Server then answers 404. */
  async handleFileStream(
    filename: string,
    request: IncomingMessage,
    response: ServerResponse,
    contentType: string | null,
  ): Promise<void> {
    const path = this.pathOf(filename);
    const { size } = await stat(path);
    const range = parseRange(request.headers.range, size);
    response.setHeader('Accept-Ranges', 'bytes');
    if (range === 'unsatisfiable') {
      response.writeHead(416, { 'Content-Range': `bytes */${size}` });
      response.end();
      return;
    }
    response.writeHead(range ? 206 : 200, {
      'Content-Type': contentType ?? 'application/octet-stream',
      'Content-Length': range ? range.end - range.start + 1 : size,
      ...(range && { 'Content-Range': `bytes ${range.start}-${range.end}/${size}` }),
    });
    // the status is out: what fails from here on can only end the connection
    await pipeline(createReadStream(path, range ?? {}), response).catch(() => response.destroy());
  }

  private pathOf(filename: string): string {
    return join(this.folder, encodeURIComponent(filename));
  }

  private checkSize(bytes: number): void {
    if (bytes > this.maxBytes) throw fileError(`The file is larger than the limit of ${this.maxBytes} bytes.`);
  }

  private async *limited(data: Buffer | Readable): AsyncGenerator<Buffer> {
    if (Buffer.isBuffer(data)) {
      yield data;
      return;
    }
    let bytes = 0;
    for await (const chunk of data) {
      bytes += chunk.length;
      this.checkSize(bytes);
      yield chunk;
    }
  }
}

/** Parse Server shows `code` and `message` of what an adapter throws. */
function fileError(message: string): Error & { code: number } {
  return Object.assign(new Error(message), { code: fileSaveError });
}

function readable(error: unknown): Error {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return fileError('There is no space left for this file.');
  if (code === 'ENAMETOOLONG') return fileError('The name of the file is too long.');
  return error as Error;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
