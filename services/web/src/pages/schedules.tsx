import { Link } from 'wouter';
import { useMay } from '../api/may.ts';
import { useOnCallNow, usePeople, useSchedules } from '../api/queries.ts';
import { ScrollX } from '../parts/scroll-x.tsx';
import { Loaded } from '../parts/state.tsx';
import { text } from '../text/en.ts';
import { peopleText } from '../text/people.ts';

/** All schedules, each with who is on call. */
export function SchedulesPage() {
  const schedules = useSchedules();
  const now = useOnCallNow().data;
  const people = usePeople().data;
  const { managesSome } = useMay();
  const { columns, title, create } = peopleText.schedules;
  const onCall = (id: string) =>
    now?.schedules
      .find(({ schedule }) => schedule === id)
      ?.onCall.map(({ role, person }) => `${role}: ${people?.get(person)?.name ?? person}`)
      .join(', ') ?? '';
  return (
    <>
      <header className="page-head">
        <h1>{title}</h1>
        {managesSome && (
          <Link className="button" href="/schedules/new">
            {create}
          </Link>
        )}
      </header>
      <Loaded of={schedules}>
        {(all) =>
          all.length === 0 ? (
            <p className="quiet">{text.overview.empty}</p>
          ) : (
            <ScrollX label={title}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{columns.schedule}</th>
                    <th scope="col">{columns.now}</th>
                    <th scope="col">{columns.team}</th>
                    <th scope="col">{columns.zone}</th>
                  </tr>
                </thead>
                <tbody>
                  {all.map(({ id, team, timeZone }) => (
                    <tr key={id}>
                      <th scope="row">
                        <Link href={`/schedules/${id}`}>{id}</Link>
                      </th>
                      <td>
                        {onCall(id) === '' && now !== undefined ? (
                          <strong className="nobody">{text.overview.nobody}</strong>
                        ) : (
                          onCall(id)
                        )}
                      </td>
                      <td>{team}</td>
                      <td>{timeZone}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </ScrollX>
          )
        }
      </Loaded>
    </>
  );
}
