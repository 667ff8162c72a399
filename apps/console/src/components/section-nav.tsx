import { Link, type LinkProps } from '@tanstack/react-router';
import classes from './section-nav.module.css';

interface Section {
  label: string;
  to: LinkProps['to'];
  /** The section at the root of the others: only active when nothing below it is. */
  exact?: boolean;
}

/** Links to the parts of a page, in a row that scrolls by itself where it is too long. */
export function SectionNav({ label, sections, params }: { label: string; sections: Section[]; params?: Record<string, string> }) {
  return (
    <nav className={classes.nav} aria-label={label}>
      {sections.map((section) => (
        <Link
          key={section.label}
          to={section.to}
          params={params as never}
          activeOptions={{ exact: section.exact, includeSearch: false }}
          className={classes.link}
          activeProps={{ 'data-active': true, 'aria-current': 'page' }}
        >
          {section.label}
        </Link>
      ))}
    </nav>
  );
}
