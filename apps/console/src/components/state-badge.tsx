import type { AppState } from '../api/apps';
import classes from './state-badge.module.css';

type Tone = 'good' | 'busy' | 'idle' | 'warn' | 'bad';

const looks: Record<AppState, { text: string; tone: Tone; moves?: boolean }> = {
  creating: { text: 'Creating', tone: 'busy', moves: true },
  running: { text: 'Running', tone: 'good' },
  sleeping: { text: 'Sleeping', tone: 'idle' },
  stopped: { text: 'Stopped', tone: 'idle' },
  failed: { text: 'Failed', tone: 'bad' },
  trashed: { text: 'In the trash', tone: 'warn' },
  deleting: { text: 'Deleting', tone: 'warn', moves: true },
};

export function StateBadge({ state }: { state: AppState }) {
  const look = looks[state];
  return (
    <span className={classes.badge} data-tone={look.tone} data-moves={look.moves || undefined} data-state={state}>
      <span className={classes.dot} aria-hidden="true" />
      {look.text}
    </span>
  );
}
