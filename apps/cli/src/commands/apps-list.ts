import { answerOf } from '@berth/client/client';
import type { Command } from 'commander';
import type { App } from '../apps';
import type { Run } from '../context';
import { table } from '../output';

export function listAppsCommand(apps: Command, run: Run): void {
  apps
    .command('list')
    .description('your apps')
    .option('--trashed', 'those in the trash')
    .action(
      run(async (context, { trashed }: { trashed?: boolean }) => {
        const client = context.signedIn();
        const state = trashed ? 'trashed' : 'active';
        const items: App[] = [];
        let cursor: string | null = null;
        do {
          const query: { limit: number; state: typeof state; cursor?: string } = {
            limit: 200,
            state,
            ...(cursor ? { cursor } : {}),
          };
          const page: { items: App[]; nextCursor: string | null } = await answerOf(client.GET('/v1/apps', { params: { query } }));
          items.push(...page.items);
          cursor = page.nextCursor;
        } while (cursor);
        context.output.result({ items }, items.length === 0 ? nothing(trashed) : describe(items));
      }),
    );
}

function describe(items: App[]): string {
  const rows = items.map(({ slug, state, environments }) => [slug, state, environments[0]?.serverUrl ?? '']);
  return table([['APP', 'STATE', 'SERVER'], ...rows]);
}

function nothing(trashed: boolean | undefined): string {
  return trashed ? 'The trash is empty.' : 'No apps yet. Make one: berth apps create hello';
}
