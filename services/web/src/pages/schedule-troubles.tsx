import type { Instant } from '@watchbill/core';
import { useScheduleCheck } from '../api/check-queries.ts';
import { timelineText } from '../text/timeline.ts';

export interface TroubleListProps {
  readonly schedule: string;
  /** Shows the time of a trouble in the timeline. */
  readonly onShow: (at: Instant) => void;
}

/** What is not wise in the months ahead, in the server's words. */
export function TroubleList({ schedule, onShow }: TroubleListProps) {
  const check = useScheduleCheck(schedule);
  // Of a schedule that is not in force yet the server says nothing.
  if (check.data === undefined) return null;
  const words = timelineText.trouble;
  return (
    <section aria-labelledby="troubles-title">
      <div className="section-head">
        <h2 id="troubles-title">{words.title}</h2>
        <p className="quiet">{words.days}</p>
      </div>
      {check.data.warnings.length === 0 ? (
        <p className="quiet">{words.none}</p>
      ) : (
        <ul className="gaps wide">
          {check.data.warnings.map(({ message, troubles: [first] }) => (
            <li key={message}>
              <span>
                <span className="warning" aria-hidden="true">
                  ▲{' '}
                </span>
                {message}
              </span>
              {first !== undefined && (
                <button type="button" aria-label={words.showOf(message)} onClick={() => onShow(first.start)}>
                  {words.show}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
