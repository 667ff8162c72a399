import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import classes from './page.module.css';

let firstPage = true;

/** Names the document, and moves the focus to the heading after a change of page, so that a screen reader says where one is. */
export function usePageTitle(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title === 'Berth' ? title : `${title} · Berth`;
  }, [title]);
  useEffect(() => {
    const typing = document.activeElement instanceof HTMLInputElement;
    if (!firstPage && !typing) heading.current?.focus({ preventScroll: true });
    firstPage = false;
  }, []);
  return heading;
}

interface PageProps {
  title: string;
  /** In the document's title, where it differs from the heading. */
  documentTitle?: string;
  lead?: ReactNode;
  actions?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
}

export function Page({ title, documentTitle, lead, actions, narrow, children }: PageProps) {
  const heading = usePageTitle(documentTitle ?? title);
  return (
    <div className={narrow ? `${classes.page} ${classes.narrow}` : classes.page}>
      <header className={classes.head}>
        <div className={classes.titles}>
          <Title order={1} ref={heading} tabIndex={-1}>
            {title}
          </Title>
          {lead && <p className={classes.lead}>{lead}</p>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
