import type {
  AudioSource,
  AvatarStatus,
  EventActor,
  KeyMode,
  Quality,
  Scope,
  SessionStatus,
} from '@greenroom/contract';

import type {
  ApiKey as ApiKeyRow,
  Assignment as AssignmentRow,
  Avatar as AvatarRow,
  Session as SessionRow,
  SessionEvent as SessionEventRow,
  UsageEvent as UsageEventRow,
  Worker as WorkerRow,
} from './generated/prisma/client.ts';

/** A row whose checked columns have the types that their checks ensure. */
type Narrowed<Row, Types> = Omit<Row, keyof Types> & Types;

export type ApiKey = Narrowed<ApiKeyRow, { mode: KeyMode; scopes: Scope[] }>;
export type Avatar = Narrowed<AvatarRow, { mode: KeyMode | null; status: AvatarStatus }>;
export type Session = Narrowed<
  SessionRow,
  { mode: KeyMode; status: SessionStatus; quality: Quality; audioSource: AudioSource }
>;
export type SessionEvent = Narrowed<
  SessionEventRow,
  { mode: KeyMode; from: SessionStatus; to: SessionStatus; actor: EventActor }
>;
export type UsageEvent = Narrowed<UsageEventRow, { mode: KeyMode; quality: Quality }>;
export type Worker = Narrowed<WorkerRow, { qualities: Quality[] }>;
/** An assignment with its decimals, which have one digit after the point, as numbers. */
export type Assignment = Narrowed<
  AssignmentRow,
  { mode: KeyMode; status: SessionStatus; quality: Quality; billedCredits: number; creditsReserved: number }
>;

type NarrowedOf<Row> = Row extends ApiKeyRow
  ? ApiKey
  : Row extends AvatarRow
    ? Avatar
    : Row extends SessionEventRow
      ? SessionEvent
      : Row extends UsageEventRow
        ? UsageEvent
        : Row extends WorkerRow
          ? Worker
          : never;

/** Types the checked columns of a row, which Prisma reads as plain strings. */
export function narrow<Row extends ApiKeyRow | AvatarRow | SessionEventRow | UsageEventRow | WorkerRow>(
  row: Row,
): NarrowedOf<Row> {
  return row as Row & NarrowedOf<Row>;
}
