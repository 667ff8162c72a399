import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './entrance.module.css';
import { Logo } from './logo';
import { usePageTitle } from './page';

/** The pages before one is signed in. */
export function Entrance({
  title,
  lead,
  children,
  footer,
}: {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
}) {
  const heading = usePageTitle(title);
  return (
    <main className={classes.entrance} id="content">
      <div className={classes.column}>
        <div className={classes.logo}>
          <Logo size={36} />
        </div>
        <div className={classes.card}>
          <Title order={1} ref={heading} tabIndex={-1}>
            {title}
          </Title>
          {lead && <p className={classes.lead}>{lead}</p>}
          <div className={classes.form}>{children}</div>
        </div>
        {footer && <p className={classes.footer}>{footer}</p>}
      </div>
    </main>
  );
}
