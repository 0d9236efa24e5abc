import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useChange } from '../api/change-queries.ts';
import { read } from '../api/client.ts';
import type { Session } from '../api/session.ts';
import { ScrollX } from '../parts/scroll-x.tsx';
import { Failure, Loaded } from '../parts/state.tsx';
import { ThemePicker } from '../parts/theme.tsx';
import { text } from '../text/en.ts';
import { plansText } from '../text/plans.ts';
import { ownZone, shownTime } from '../time/shown-time.ts';
import { Accounts } from './settings-accounts.tsx';
import { Tokens } from './settings-tokens.tsx';

interface OwnSession {
  readonly id: string;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly userAgent: string;
  readonly address: string;
  readonly current: boolean;
}

/** One's own sessions and colours; for admins also who else comes in. */
export function SettingsPage({ session }: { readonly session: Session }) {
  const admin = session.account.role === 'admin';
  return (
    <>
      <header className="page-head">
        <h1>{text.settings.title}</h1>
        <ThemePicker />
      </header>
      {admin && (
        <p className="buttons">
          <Link className="button" href="/file">
            {text.file.title}
          </Link>
          <Link className="button" href="/endpoints">
            {plansText.endpoints.title}
          </Link>
          <Link className="button" href="/audit">
            {text.audit.title}
          </Link>
        </p>
      )}
      <Sessions />
      {admin && <Accounts self={session.account.id} />}
      {admin && <Tokens />}
    </>
  );
}

function Sessions() {
  const sessions = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => read<{ data: readonly OwnSession[] }>('/v1/sessions', signal),
  });
  const end = useChange([['sessions']]);
  const { columns } = text.settings.sessions;
  return (
    <section aria-labelledby="sessions-title">
      <h2 id="sessions-title">{text.settings.sessions.title}</h2>
      {end.error !== null && <Failure error={end.error} />}
      <Loaded of={sessions}>
        {({ data }) => (
          <ScrollX label={text.settings.sessions.title}>
            <table>
              <caption>{text.times(ownZone())}</caption>
              <thead>
                <tr>
                  <th scope="col">{columns.browser}</th>
                  <th scope="col">{columns.address}</th>
                  <th scope="col">{columns.since}</th>
                  <th scope="col">{columns.used}</th>
                  <td />
                </tr>
              </thead>
              <tbody>
                {data.map((one) => (
                  <tr key={one.id}>
                    <th scope="row">{one.userAgent.slice(0, 80)}</th>
                    <td>{one.address}</td>
                    <td>{shownTime(one.createdAt, ownZone())}</td>
                    <td>{shownTime(one.lastUsedAt, ownZone())}</td>
                    <td>
                      {one.current ? (
                        text.settings.sessions.current
                      ) : (
                        <button
                          type="button"
                          onClick={() => end.mutate({ path: `/v1/sessions/${one.id}`, method: 'DELETE' })}
                        >
                          {text.settings.sessions.end}
                        </button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollX>
        )}
      </Loaded>
    </section>
  );
}
