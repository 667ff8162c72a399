import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, ask } from '../api/client';
import { useIsAway } from '../api/reachability';
import classes from './away-banner.module.css';

const tryEvery = 2_000;

/** Shown while the API does not answer: asks again until it does, then brings everything on the page up to date. */
export function AwayBanner() {
  const away = useIsAway();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);

  const look = async () => {
    setAsking(true);
    try {
      await ask(api.GET('/v1/setup'));
      await client.invalidateQueries();
    } catch {
      // Still away: the next try comes by itself.
    } finally {
      setAsking(false);
    }
  };

  useEffect(() => {
    if (!away) return;
    const timer = setInterval(look, tryEvery);
    window.addEventListener('online', look);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', look);
    };
  });

  return (
    <div role="status" aria-live="polite" className={classes.region}>
      {away && (
        <div className={classes.banner}>
          <IconPlugConnectedX size={18} stroke={1.8} aria-hidden="true" />
          <span>
            <strong>Berth does not answer.</strong> Your apps go on serving; this page is back as soon as it does.
          </span>
          <Button size="compact-sm" variant="default" loading={asking} onClick={look}>
            Try now
          </Button>
        </div>
      )}
    </div>
  );
}
