import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { getApp } from '../apps';
import type { Run } from '../context';

export function openCommand(program: Command, run: Run): void {
  program
    .command('open <app>')
    .description("the address of an app's page in the console; opens it where there is a browser")
    .action(
      run(async (context, _options: object, name: string) => {
        const { apiUrl, installation, output, environment } = context;
        const { slug } = await getApp(context.signedIn(), name);
        const origin = apiUrl === installation.apiUrl ? (installation.consoleOrigin ?? apiUrl) : apiUrl;
        const url = `${origin}/apps/${slug}`;
        output.result({ url }, url);
        if (!output.json) openBrowser(url, environment);
      }),
    );
}

function openBrowser(url: string, environment: NodeJS.ProcessEnv): void {
  const hasScreen = process.platform === 'darwin' || Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
  if (!hasScreen) return;
  const opener = spawn(process.platform === 'darwin' ? 'open' : 'xdg-open', [url], { detached: true, stdio: 'ignore' });
  // The address is printed already: a missing opener is no failure.
  opener.on('error', () => {});
  opener.unref();
}
