import { Link } from 'wouter';
import { useOnCallNow, usePeople } from '../api/queries.ts';
import type { Person } from '../api/shapes.ts';
import { ScrollX } from '../parts/scroll-x.tsx';
import { Loaded } from '../parts/state.tsx';
import { useNow } from '../parts/use-now.ts';
import { peopleText } from '../text/people.ts';
import { shownTime } from '../time/shown-time.ts';

/** Everybody, with the time where they live. */
export function PeoplePage() {
  const people = usePeople();
  const now = useNow(useOnCallNow().data?.at);
  const { title, columns, none } = peopleText.people;
  return (
    <>
      <h1>{title}</h1>
      <Loaded of={people}>
        {(all) =>
          all.size === 0 ? (
            <p className="quiet">{none}</p>
          ) : (
            <ScrollX label={title}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{columns.name}</th>
                    <th scope="col">{columns.now}</th>
                    <th scope="col">{columns.zone}</th>
                    <th scope="col">{columns.hours}</th>
                  </tr>
                </thead>
                <tbody>
                  {[...all.values()].map((person) => (
                    <tr key={person.id}>
                      <th scope="row">
                        <Link href={`/people/${person.id}`}>{person.name}</Link>
                      </th>
                      <td>{shownTime(now, person.timeZone)}</td>
                      <td>{person.timeZone}</td>
                      <td>{hoursText(person)}</td>
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

/** The working hours of a person in words. */
export function hoursText({ workingHours: { days, from, to } }: Person): string {
  return peopleText.people.hours(days.map((day) => peopleText.people.day[day]).join(' '), from, to);
}
