// What the tests use of the package; its own types are apart, and not installed.
declare module 'ws' {
  export class WebSocket {
    constructor(url: string, options?: { headers?: Record<string, string> });
    on(event: 'open' | 'close', listener: (code: number) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'message', listener: (data: Buffer) => void): this;
    send(data: string): void;
    terminate(): void;
  }
}
