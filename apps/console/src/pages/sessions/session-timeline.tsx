import { reasonTexts } from '@greenroom/contract';
import { useQuery } from '@tanstack/react-query';

import { queries, type Session } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { QueryView } from '../../components/query-view.tsx';
import { dateText, dateTimeText, useNow, zoneText } from '../../components/relative-time.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { lengthText, phasesOf, type Phase } from './phases.ts';

const clock = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});
const texts: Readonly<Record<string, string>> = reasonTexts;

/** The statuses of a session, drawn to scale, with the reason and the cause of each change. */
export function SessionTimeline({ session }: { session: Session }) {
  const query = useQuery(queries.sessionEvents(useGreenroom(), session.id));
  return (
    <section className="part">
      <h2>Timeline</h2>
      <QueryView query={query} skeleton={<SkeletonRows rows={4} height={56} />}>
        {({ data }) => (
          <>
            <TimesNote time={session.created_at} />
            <Phases events={data} />
          </>
        )}
      </QueryView>
    </section>
  );
}

/** The day on which times begin, and their zone. */
export function TimesNote({ time }: { time: string }) {
  return (
    <p className="muted small">
      {dateText(time)}, times in {zoneText(time)}
    </p>
  );
}

function Phases({ events }: { events: Parameters<typeof phasesOf>[0] }) {
  const phases = phasesOf(events, useNow());
  const totalMs = phases.reduce((sum, { lengthMs }) => sum + (lengthMs ?? 0), 0);
  return (
    <div className="timeline">
      <div className="timeline-bar" role="img" aria-label={`${lengthText(totalMs)} in all, to scale`}>
        {phases.map(({ event, lengthMs }) =>
          lengthMs === null ? null : (
            <span
              key={event.id}
              className="phase-bar"
              data-status={event.to}
              style={{ flexGrow: lengthMs / Math.max(totalMs, 1) }}
              title={`${event.to}: ${lengthText(lengthMs)}`}
            />
          ),
        )}
      </div>
      <ol className="phases">
        {phases.map((phase) => (
          <PhaseRow key={phase.event.id} {...phase} />
        ))}
      </ol>
    </div>
  );
}

function PhaseRow({ event: { to, reason, actor, created_at }, lengthMs, isOpen }: Phase) {
  return (
    <li className="phase" data-status={to} aria-current={isOpen ? 'step' : undefined}>
      <span className="phase-mark" aria-hidden="true" />
      <span className="phase-name">{to}</span>
      <span className="phase-length">{lengthMs === null ? '' : lengthText(lengthMs)}</span>
      <span className="phase-reason">
        {texts[reason] ?? 'The session failed.'}{' '}
        <span className="muted small">
          <code>{reason}</code> by {actor}
        </span>
      </span>
      <time className="phase-time muted small" dateTime={created_at} title={dateTimeText(created_at)}>
        {clock.format(new Date(created_at))}
      </time>
    </li>
  );
}
