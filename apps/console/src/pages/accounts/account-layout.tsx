import { Outlet } from '@tanstack/react-router';
import { Page } from '../../components/page';
import { SectionNav } from '../../components/section-nav';

const sections = [
  { label: 'Profile', to: '/account', exact: true },
  { label: 'Sessions', to: '/account/sessions' },
  { label: 'Access tokens', to: '/account/tokens' },
] as const;

export function AccountLayout() {
  return (
    <Page title="Account">
      <SectionNav label="Parts of the account" sections={[...sections]} />
      <Outlet />
    </Page>
  );
}
