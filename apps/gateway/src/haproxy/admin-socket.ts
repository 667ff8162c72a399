import { connect, type Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';

/** HAProxy did not do what it was told, or does not answer. */
export class AdminSocketError extends Error {
  override name = 'AdminSocketError';
}

const answerEnd = '\n> ';
const commandTimeoutMs = 5000;

interface Waiting {
  resolve: (answer: string) => void;
  reject: (error: Error) => void;
}

/**
 * One lasting connection to HAProxy's admin socket. Commands are sent without waiting for each other; answers come in order.
 * It belongs to one HAProxy worker: when that dies the connection ends, and whoever opens the next one meets a new worker.
 */
export class AdminSocket {
  private readonly waiting: Waiting[] = [];
  private readonly decoder = new StringDecoder('utf8');
  private heard = '';
  private failure: Error | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly closeListeners: (() => void)[] = [];

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => this.hear(this.decoder.write(chunk)));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new AdminSocketError('HAProxy closed its admin socket')));
  }

  /** @throws AdminSocketError when nobody listens there, or it is no HAProxy. */
  static async open(path: string): Promise<AdminSocket> {
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('error', (error) => reject(new AdminSocketError(`HAProxy does not answer: ${error.message}`)));
    });
    const admin = new AdminSocket(socket);
    await admin.run('prompt');
    return admin;
  }

  get closed(): boolean {
    return this.failure !== undefined;
  }

  onClose(listener: () => void): void {
    if (this.closed) listener();
    else this.closeListeners.push(listener);
  }

  /** The answer without the empty lines around it. A command with a payload ends its first line in `<<` and its last with a line break. */
  run(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure);
      this.waiting.push({ resolve, reject });
      this.socket.write(`${command}\n`);
      this.watch();
    });
  }

  /** Runs commands that say nothing when they succeed. @throws AdminSocketError with the first one that did not. */
  async change(commands: readonly string[]): Promise<void> {
    const answers = await Promise.all(commands.map((command) => this.run(command)));
    const failed = answers.findIndex((answer) => answer !== '');
    if (failed >= 0) throw new AdminSocketError(`HAProxy answered “${answers[failed]}” to “${commands[failed]?.slice(0, 200)}”`);
  }

  close(): void {
    this.fail(new AdminSocketError('closed'));
  }

  private hear(text: string): void {
    this.heard += text;
    for (let end = this.heard.indexOf(answerEnd); end >= 0; end = this.heard.indexOf(answerEnd)) {
      const answer = this.heard.slice(0, end);
      this.heard = this.heard.slice(end + answerEnd.length);
      // each line of a payload is asked for with a "+"
      this.waiting.shift()?.resolve(answer.replace(/^(\+ )+/, '').trim());
    }
    this.watch();
  }

  /** Every sign of life renews the time that the oldest command has. */
  private watch(): void {
    clearTimeout(this.timer);
    if (this.waiting.length === 0 || this.failure) return;
    this.timer = setTimeout(
      () => this.fail(new AdminSocketError(`HAProxy said nothing for ${commandTimeoutMs} ms`)),
      commandTimeoutMs,
    );
    this.timer.unref();
  }

  private fail(error: Error): void {
    if (this.failure) return;
    this.failure = error;
    clearTimeout(this.timer);
    this.socket.destroy();
    for (const { reject } of this.waiting.splice(0)) reject(error);
    for (const listener of this.closeListeners.splice(0)) listener();
  }
}
