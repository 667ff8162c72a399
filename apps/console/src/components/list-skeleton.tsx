import { Skeleton, VisuallyHidden } from '@mantine/core';
import classes from './list.module.css';

/** Rows of the same height as those that come. */
export function ListSkeleton({ rows = 3, flush }: { rows?: number; flush?: boolean }) {
  return (
    <div className={flush ? classes.flush : classes.list} aria-busy="true">
      <VisuallyHidden role="status">Loading</VisuallyHidden>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without identity
        <div key={index} className={classes.row}>
          <div className={classes.main}>
            <Skeleton h={14} w={140} mb={10} />
            <Skeleton h={11} w={220} maw="80%" />
          </div>
          <Skeleton h={12} w={70} />
        </div>
      ))}
    </div>
  );
}
