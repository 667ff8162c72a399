import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconLogout, IconMoon, IconSun, IconUserCircle } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { accountQuery, signOut } from '../api/accounts';
import { announce } from './announce';
import { Logo } from './logo';
import classes from './shell.module.css';

/** What signed-in pages stand in: the bar at the top and the page below. */
export function Shell() {
  const loading = useRouterState({ select: (state) => state.isLoading });
  return (
    <>
      <a href="#content" className={classes.skip}>
        Skip to the content
      </a>
      <header className={classes.bar}>
        <div className={classes.inner}>
          <Link to="/apps" className={classes.brand} aria-label="Berth, all apps">
            <Logo />
            <span className={classes.name}>Berth</span>
          </Link>
          <nav className={classes.nav} aria-label="Main">
            <Link to="/apps" className={classes.link} activeProps={{ 'data-active': true, 'aria-current': 'page' }}>
              Apps
            </Link>
            <Link to="/trash" className={classes.link} activeProps={{ 'data-active': true, 'aria-current': 'page' }}>
              Trash
            </Link>
          </nav>
          <AccountMenu />
        </div>
        <div className={classes.progress} data-loading={loading || undefined} aria-hidden="true" />
      </header>
      <main id="content" tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
    </>
  );
}

function AccountMenu() {
  const { data: account } = useQuery(accountQuery);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  const client = useQueryClient();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      await navigate({ to: '/sign-in' });
      client.clear();
    },
    onError: () => announce('You could not be signed out. Try again.'),
  });
  const initial = (account?.name || account?.email || '·').trim().charAt(0).toUpperCase();

  return (
    <Menu>
      <Menu.Target>
        <UnstyledButton className={classes.avatar} aria-label="Account menu">
          {initial}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          {account?.name && <strong>{account.name}</strong>}
          <span>{account?.email}</span>
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconUserCircle size={16} stroke={1.7} />} component={Link} to="/account">
          Account
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as typeof colorScheme)}>
          {schemes.map(({ value, label, Icon }) => (
            <Menu.RadioItem key={value} value={value} rightSection={<Icon size={16} stroke={1.7} />}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.7} />} onClick={() => leave.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const schemes = [
  { value: 'light', label: 'Light', Icon: IconSun },
  { value: 'dark', label: 'Dark', Icon: IconMoon },
  { value: 'auto', label: 'As the system', Icon: IconDeviceDesktop },
] as const;
