import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useId } from 'react';
import classes from './panel.module.css';

interface PanelProps {
  title?: string;
  lead?: ReactNode;
  actions?: ReactNode;
  /** Rows go to the edges; otherwise the content has the panel's own padding. */
  flush?: boolean;
  danger?: boolean;
  children?: ReactNode;
}

/** A titled surface: what a page is made of. */
export function Panel({ title, lead, actions, flush, danger, children }: PanelProps) {
  const id = useId();
  return (
    <section className={classes.panel} aria-labelledby={title ? id : undefined} data-danger={danger || undefined}>
      {(title || actions) && (
        <header className={classes.head}>
          <div className={classes.titles}>
            {title && (
              <Title order={2} id={id}>
                {title}
              </Title>
            )}
            {lead && <p className={classes.lead}>{lead}</p>}
          </div>
          {actions && <div className={classes.actions}>{actions}</div>}
        </header>
      )}
      {children && <div className={flush ? classes.flush : classes.body}>{children}</div>}
    </section>
  );
}
