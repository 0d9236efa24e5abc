import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { RefusalError } from './api/client.ts';
import { useLive } from './api/live.ts';
import { type Session, useSession } from './api/session.ts';
import { Overview } from './pages/overview.tsx';
import { SchedulePage } from './pages/schedule.tsx';
import { SetUpPage } from './pages/set-up.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { Loaded } from './parts/state.tsx';
import { Shell } from './shell.tsx';

const MAX_TRIES = 3;

/** A refusal is an answer: asking again gives the same. What did not arrive is asked again. */
const client: QueryClient = new QueryClient({
  // A session that ended shows the door, whatever page noticed it.
  queryCache: new QueryCache({ onError: noticeEnd }),
  mutationCache: new MutationCache({ onError: noticeEnd }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => !(error instanceof RefusalError) && failures < MAX_TRIES,
    },
  },
});

function noticeEnd(error: Error): void {
  if (error instanceof RefusalError && error.code === 'session/ended') client.setQueryData(['session'], null);
}

/** All pages by address; those inside only for whoever is signed in. */
export function App() {
  return (
    <QueryClientProvider client={client}>
      <Switch>
        <Route path="/setup/:link">{({ link }) => <SetUpPage link={link} />}</Route>
        <Route>
          <Inside />
        </Route>
      </Switch>
    </QueryClientProvider>
  );
}

function Inside() {
  const session = useSession();
  return (
    <Loaded of={session}>
      {(found) =>
        found === null ? (
          <SignInPage />
        ) : (
          <Shell session={found}>
            <Pages session={found} />
          </Shell>
        )
      }
    </Loaded>
  );
}

/** Pages that few open often are fetched when they are. */
const AuditPage = lazy(() => import('./pages/audit.tsx').then((page) => ({ default: page.AuditPage })));
const FilePage = lazy(() => import('./pages/file.tsx').then((page) => ({ default: page.FilePage })));
const NewSchedulePage = lazy(() =>
  import('./pages/rotation-editor.tsx').then((page) => ({ default: page.NewSchedulePage })),
);
const EditSchedulePage = lazy(() =>
  import('./pages/rotation-editor.tsx').then((page) => ({ default: page.EditSchedulePage })),
);
const PlansPage = lazy(() => import('./pages/plan-review.tsx').then((page) => ({ default: page.PlansPage })));
const PlanPage = lazy(() =>
  import('./pages/plan-review-one.tsx').then((page) => ({ default: page.PlanPage })),
);
const EndpointsPage = lazy(() =>
  import('./pages/endpoints.tsx').then((page) => ({ default: page.EndpointsPage })),
);
const SchedulesPage = lazy(() =>
  import('./pages/schedules.tsx').then((page) => ({ default: page.SchedulesPage })),
);
const PeoplePage = lazy(() => import('./pages/people.tsx').then((page) => ({ default: page.PeoplePage })));
const PersonPage = lazy(() => import('./pages/person.tsx').then((page) => ({ default: page.PersonPage })));
const SwapsPage = lazy(() => import('./pages/swaps.tsx').then((page) => ({ default: page.SwapsPage })));
const AskPage = lazy(() => import('./pages/swaps-ask.tsx').then((page) => ({ default: page.AskPage })));
const CalledPages = lazy(() =>
  import('./pages/called-pages.tsx').then((page) => ({ default: page.CalledPages })),
);
const CalledPageView = lazy(() =>
  import('./pages/called-pages.tsx').then((page) => ({ default: page.CalledPageView })),
);
const FactSheetPage = lazy(() =>
  import('./pages/fact-sheet.tsx').then((page) => ({ default: page.FactSheetPage })),
);
const SettingsPage = lazy(() =>
  import('./pages/settings.tsx').then((page) => ({ default: page.SettingsPage })),
);

function Pages({ session }: { readonly session: Session }) {
  useLive();
  return (
    <Suspense>
      <Switch>
        <Route path="/">
          <Overview />
        </Route>
        <Route path="/schedules">
          <SchedulesPage />
        </Route>
        <Route path="/people">
          <PeoplePage />
        </Route>
        <Route path="/people/:id">{({ id }) => <PersonPage key={id} id={id} session={session} />}</Route>
        <Route path="/swaps/new">
          <AskPage />
        </Route>
        <Route path="/swaps">
          <SwapsPage />
        </Route>
        <Route path="/pages">
          <CalledPages />
        </Route>
        <Route path="/pages/:id">{({ id }) => <CalledPageView key={id} id={id} />}</Route>
        <Route path="/schedules/new">
          <NewSchedulePage />
        </Route>
        <Route path="/schedules/:id/edit">{({ id }) => <EditSchedulePage key={id} id={id} />}</Route>
        <Route path="/schedules/:id/plans">{({ id }) => <PlansPage key={id} id={id} />}</Route>
        <Route path="/schedules/:id/plans/:version">
          {({ id, version }) => <PlanPage id={id} version={version} />}
        </Route>
        <Route path="/schedules/:id/fact-sheet">{({ id }) => <FactSheetPage key={id} id={id} />}</Route>
        <Route path="/endpoints">
          <EndpointsPage />
        </Route>
        <Route path="/schedules/:id">{({ id }) => <SchedulePage id={id} />}</Route>
        <Route path="/settings">
          <SettingsPage session={session} />
        </Route>
        <Route path="/audit">
          <AuditPage />
        </Route>
        <Route path="/file">
          <FilePage />
        </Route>
        <Route>
          <Redirect to="/" />
        </Route>
      </Switch>
    </Suspense>
  );
}
