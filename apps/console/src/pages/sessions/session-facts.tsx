import type { ReactNode } from 'react';

import type { Session } from '../../api/queries.ts';
import { clockText, dateTimeText, RelativeTime } from '../../components/relative-time.tsx';

/** The request of a session: its transport, its settings and its metadata. */
export function SessionFacts({ session }: { session: Session }) {
  const metadata = Object.entries(session.metadata);
  return (
    <div className="fact-columns">
      <section className="part">
        <h2>Transport</h2>
        <Facts facts={transportFacts(session)} />
      </section>
      <section className="part">
        <h2>Settings</h2>
        <Facts
          facts={[
            [
              'Created',
              <span key="created">
                {dateTimeText(session.created_at)}{' '}
                <span className="muted">
                  (<RelativeTime time={session.created_at} />)
                </span>
              </span>,
            ],
            ['Avatar', <code key="avatar">{session.avatar_id}</code>],
            ['Quality', session.quality],
            ['Maximum duration', clockText(session.max_duration_seconds)],
            ['Idle timeout', clockText(session.idle_timeout_seconds)],
          ]}
        />
      </section>
      {metadata.length > 0 && (
        <section className="part">
          <h2>Metadata</h2>
          <Facts
            facts={metadata.map(([name, value]) => [name, <code key={name}>{JSON.stringify(value)}</code>])}
          />
        </section>
      )}
    </div>
  );
}

type Fact = readonly [name: string, value: ReactNode];

function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="facts panel">
      {facts.map(([name, value]) => (
        <div key={name} className="fact">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function transportFacts({ transport }: Session): Fact[] {
  if (transport.type !== 'livekit') return [['Type', transport.type]];
  const { audio_source: source, subscribe_to_identity: speaker } = transport;
  return [
    ['Type', transport.type],
    ['Server', <code key="url">{transport.url}</code>],
    ['Room', <code key="room">{transport.room_name}</code>],
    ['Identity', <code key="identity">{transport.worker_identity}</code>],
    ['Audio', source === 'track' ? `track of ${speaker ?? 'the first participant'}` : source],
    ['Without input', transport.synthetic_audio_if_no_input ? 'plays a sine tone' : 'stays silent'],
  ];
}
