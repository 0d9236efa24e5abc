import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import { type Session, useSignOut } from './api/session.ts';
import { text } from './text/en.ts';
import { plansText } from './text/plans.ts';

const PLACES = [
  { href: '/', name: text.nav.overview },
  { href: '/schedules', name: text.nav.schedules },
  { href: '/people', name: text.nav.people },
  { href: '/swaps', name: text.nav.swaps },
  { href: '/pages', name: text.nav.pages },
  { href: '/settings', name: text.nav.settings },
] as const;

/** What every page has around it. */
export function Shell({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  const signOut = useSignOut();
  return (
    <>
      <a className="skip" href="#content">
        {text.skip}
      </a>
      <div className="shell">
        <header className="top">
          <p className="brand">
            <img src="/icon.svg" alt="" width="24" height="24" /> {text.product}
          </p>
          <div className="who">
            <span className="quiet">{session.account.name}</span>
            <button type="button" onClick={() => signOut.mutate()}>
              {text.signIn.out}
            </button>
          </div>
        </header>
        <nav aria-label={text.nav.label}>
          <ul>
            {PLACES.map((place) => (
              <li key={place.href}>
                <Place {...place} />
              </li>
            ))}
          </ul>
        </nav>
        <main id="content" tabIndex={-1}>
          <SchedulePlaces session={session} />
          {children}
        </main>
      </div>
    </>
  );
}

interface PlaceProps {
  readonly href: string;
  readonly name: string;
  /** Only this address is the place, not what lies below it. */
  readonly exact?: boolean;
}

function Place({ href, name, exact = href === '/' }: PlaceProps) {
  const [here] = useRoute(exact ? href : `${href}/*?`);
  return (
    <Link href={href} aria-current={here ? 'page' : undefined}>
      {name}
    </Link>
  );
}

/** What there is about one schedule, above each of its pages. */
function SchedulePlaces({ session }: { readonly session: Session }) {
  const [inside, params] = useRoute('/schedules/:id/*?');
  if (!inside || params.id === 'new') return null;
  const { id } = params;
  const { role } = session.account;
  const changes = role === 'admin' || (role === 'member' && session.managerOf.length > 0);
  return (
    <p className="buttons places">
      <Place href={`/schedules/${id}`} name={plansText.places.timeline} exact />
      {changes && <Place href={`/schedules/${id}/edit`} name={plansText.places.edit} />}
      <Place href={`/schedules/${id}/plans`} name={plansText.places.plans} />
      <Place href={`/schedules/${id}/fact-sheet`} name={plansText.places.facts} />
    </p>
  );
}
