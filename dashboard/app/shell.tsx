import Alert from '@cloudscape-design/components/alert';
import AppLayout from '@cloudscape-design/components/app-layout';
import Box from '@cloudscape-design/components/box';
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import TopNavigation, { type TopNavigationProps } from '@cloudscape-design/components/top-navigation';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useSession } from './auth/session.tsx';
import { useBrand, usePickBrand, useStayingWith } from './brand.tsx';
import { ErrorBox } from './components/error-box.tsx';
import { LinkButton, useFollow } from './components/router-link.tsx';
import { FirstBrand } from './pages/first-brand.tsx';
import { SplitPanelHost, useSplitPanel } from './split-panel.tsx';
import { type Look, lookNow, setLook } from './theme.ts';

const PHONE_PX = 688;

export function Shell() {
  return (
    <SplitPanelHost>
      <Top />
      <Layout />
    </SplitPanelHost>
  );
}

/** On phones the kit says of a `nav` which way it lies, which only some roles may: https://www.w3.org/TR/wai-aria-1.2/#aria-orientation */
function useHonestNavigation(): void {
  useEffect(() => {
    const mend = () => {
      for (const nav of document.querySelectorAll('nav[aria-orientation]')) nav.removeAttribute('aria-orientation');
    };
    mend();
    const observer = new MutationObserver(mend);
    observer.observe(document.body, { subtree: true, attributeFilter: ['aria-orientation'], childList: true });
    return () => observer.disconnect();
  }, []);
}

function Layout() {
  useHonestNavigation();
  const { brands } = useSession();
  const brand = useBrand();
  useStayingWith(brand);
  const { panel, isOpen, close } = useSplitPanel();
  const [isNavigationOpen, setNavigationOpen] = useState(innerWidth > PHONE_PX);
  return (
    <AppLayout
      headerSelector="#top"
      toolsHide
      navigation={<Navigation onFollowed={() => innerWidth <= PHONE_PX && setNavigationOpen(false)} />}
      navigationOpen={isNavigationOpen}
      navigationWidth={240}
      onNavigationChange={({ detail }) => setNavigationOpen(detail.open)}
      ariaLabels={{
        navigation: 'Pages',
        navigationClose: 'Close the list of pages',
        navigationToggle: 'Open the list of pages',
      }}
      splitPanel={panel}
      splitPanelOpen={isOpen}
      onSplitPanelToggle={({ detail }) => !detail.open && close()}
      splitPanelPreferences={{ position: innerWidth > 1200 ? 'side' : 'bottom' }}
      content={brand ? <Outlet key={brand.id} /> : brands.length > 0 ? <NoSuchBrand /> : <FirstBrand />}
    />
  );
}

function Top() {
  const { me, brands, auth, config } = useSession();
  const brand = useBrand();
  const pickBrand = usePickBrand();
  const { href, onFollow } = useFollow()('/');
  const [look, setShownLook] = useState(lookNow);
  const utilities: TopNavigationProps.Utility[] = [
    ...(brands.length > 0
      ? [
          {
            type: 'menu-dropdown' as const,
            text: brand?.name ?? 'Choose a brand',
            ariaLabel: brand ? `Brand: ${brand.name}` : 'Choose a brand',
            items: brands.map(({ id, name }) => ({ id, text: name, description: id })),
            onItemClick: ({ detail }: { detail: { id: string } }) => pickBrand(detail.id),
          },
        ]
      : []),
    ...(config.stage === 'prod'
      ? []
      : [{ type: 'button' as const, text: config.stage, title: 'Stage', ariaLabel: `Stage: ${config.stage}` }]),
    { type: 'button', text: 'Docs', href: '/developers', external: true, externalIconAriaLabel: 'opens a new tab' },
    {
      type: 'menu-dropdown',
      iconName: 'user-profile',
      text: me.email,
      ariaLabel: `You: ${me.email}, ${me.role}`,
      description: `${me.role} of ${me.organisation.name}`,
      items: [
        {
          id: 'look',
          text: 'Appearance',
          items: (['auto', 'light', 'dark'] satisfies Look[]).map((one) => ({
            id: `look-${one}`,
            text: one === 'auto' ? 'As the system' : one === 'light' ? 'Light' : 'Dark',
            itemType: 'checkbox' as const,
            checked: look === one,
          })),
        },
        { id: 'sign-out', text: 'Sign out' },
      ],
      onItemClick: ({ detail }) => {
        if (detail.id === 'sign-out') return void auth.signOut();
        const chosen = detail.id.replace('look-', '') as Look;
        setLook(chosen);
        setShownLook(chosen);
      },
    },
  ];
  return (
    <div id="top">
      <TopNavigation
        identity={{
          href,
          title: 'Quixess',
          logo: { src: `${import.meta.env.BASE_URL}icon.svg`, alt: '' },
          onFollow: onFollow as NonNullable<TopNavigationProps.Identity['onFollow']>,
        }}
        utilities={utilities}
      />
    </div>
  );
}

const at = (text: string, path: string) => ({ type: 'link' as const, text, path });
const MENU = [
  { text: '', links: [at('Overview', '/')] },
  {
    text: 'WhatsApp',
    links: [
      at('Connection', '/whatsapp/connection'),
      at('Templates', '/whatsapp/templates'),
      at('Messages', '/whatsapp/messages'),
      at('Conversations', '/whatsapp/conversations'),
    ],
  },
  {
    text: 'Webhooks',
    links: [
      at('Deliveries', '/webhooks/deliveries'),
      at('Recoveries', '/webhooks/recoveries'),
      at('Event catalogue', '/webhooks/catalogue'),
    ],
  },
  {
    text: 'Settings',
    links: [
      at('API keys', '/settings/api-keys'),
      at('Members', '/settings/members'),
      at('Audit log', '/settings/audit-log'),
    ],
  },
];

function Navigation({ onFollowed }: { onFollowed: () => void }) {
  const follow = useFollow();
  const { pathname } = useRouterState({ select: ({ location }) => location });
  const links = MENU.flatMap((section) => section.links).map(({ path }) => path);
  const active = links.filter((path) => pathname === path || (path !== '/' && pathname.startsWith(`${path}/`))).at(0);
  const link = ({ text, path }: { text: string; path: string }): SideNavigationProps.Link => ({
    type: 'link',
    text,
    href: follow(path).href,
  });
  const items = MENU.flatMap(({ text, links: own }): SideNavigationProps.Item[] =>
    text === '' ? own.map(link) : [{ type: 'section-group', title: text, items: own.map(link) }],
  );
  return (
    <SideNavigation
      activeHref={follow(active ?? '/').href}
      items={items}
      onFollow={(event) => {
        if (event.detail.external) return;
        const path = links.find((one) => follow(one).href === event.detail.href) ?? '/';
        follow(path).onFollow(event as CustomEvent);
        onFollowed();
      }}
    />
  );
}

export function PageFault({ error, reset }: { error: unknown; reset: () => void }) {
  return <ErrorBox error={error} onRetry={reset} />;
}

function NoSuchBrand() {
  return (
    <Alert type="info" header="There is no such brand" action={<LinkButton to="/">To the overview</LinkButton>}>
      <Box>The address names a brand that your organisation does not have. Yours are in the menu above.</Box>
    </Alert>
  );
}

export function NotFound() {
  return (
    <Alert type="info" header="There is no such page" action={<LinkButton to="/">To the overview</LinkButton>}>
      <Box>The address may be of another version of the dashboard.</Box>
    </Alert>
  );
}
