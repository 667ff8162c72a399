import { useEffect, useState } from 'react';
import { sayDate, sayRelative } from './say-time';

/** "3 hours ago", with the exact time on hover. */
export function RelativeTime({ at }: { at: string }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 30_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} title={sayDate(at)}>
      {sayRelative(at)}
    </time>
  );
}
