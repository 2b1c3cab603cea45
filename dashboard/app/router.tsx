import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { EVENT_TYPES } from '../../shared/events/event-types.ts';
import {
  AUDIT_FILTERS,
  CONVERSATION_FILTERS,
  EVENT_FILTERS,
  KEY_FILTERS,
  MESSAGE_FILTERS,
  rulesOf,
  TEMPLATE_FILTERS,
} from './page-filters.ts';
import { only, parseSearch, type Rules, writeSearch } from './search-params.ts';
import { NotFound, PageFault, Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, validateSearch: only({}) });

type Component = Parameters<typeof lazyRouteComponent>[0];

const page = (path: string, load: Component, rules: Rules = {}) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(load),
    errorComponent: PageFault,
    validateSearch: only(rules),
  });

const pages = [
  page('/', () => import('./pages/overview.tsx')),
  page('/settings/api-keys', () => import('./pages/api-keys/api-keys.tsx'), {
    ...rulesOf(KEY_FILTERS),
    new: ['1'],
  }),
  page('/settings/audit-log', () => import('./pages/settings/audit-log.tsx'), rulesOf(AUDIT_FILTERS)),
  page('/settings/members', () => import('./pages/settings/members.tsx')),
  page('/whatsapp/connection', () => import('./pages/connection/connection.tsx')),
  page('/whatsapp/templates', () => import('./pages/templates/templates.tsx'), {
    ...rulesOf(TEMPLATE_FILTERS),
    template: 'text',
  }),
  page('/whatsapp/templates/new', () => import('./pages/templates/new-template.tsx'), { from: 'text', kind: ['otp'] }),
  page('/whatsapp/messages', () => import('./pages/messages/messages.tsx'), {
    ...rulesOf(MESSAGE_FILTERS),
    message: 'text',
  }),
  page('/whatsapp/conversations', () => import('./pages/messages/conversations.tsx'), {
    ...rulesOf(CONVERSATION_FILTERS),
    conversation: 'text',
  }),
  page('/webhooks/deliveries', () => import('./pages/deliveries/deliveries.tsx'), {
    ...rulesOf(EVENT_FILTERS),
    event: 'text',
  }),
  page('/webhooks/deliveries/$id', () => import('./pages/deliveries/delivery.tsx')),
  page('/webhooks/recoveries', () => import('./pages/deliveries/recoveries.tsx')),
  page('/webhooks/catalogue', () => import('./pages/catalogue.tsx'), { type: EVENT_TYPES }),
];

export const router = createRouter({
  routeTree: root.addChildren(pages),
  basepath: '/app',
  parseSearch: (text) => parseSearch(text),
  stringifySearch: writeSearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
});
