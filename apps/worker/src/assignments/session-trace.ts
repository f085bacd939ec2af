import type { Span, SpanOptions, Tracing } from '@greenroom/tracing';

import { ControlPlaneError } from '../control-plane/control-plane-error.ts';
import type { Assignment, Outcome, Progress } from '../runtime.ts';
import type { Report } from './report.ts';

/**
 * The worker's spans in the trace of the request that created a session: the performance, and within it joining the room,
 * the time to the first frame, leaving the room, and the calls that report a new state.
 */
export class SessionTrace {
  readonly #tracing: Tracing;
  readonly #performance: Span;
  #reportedState: Report['state'] | null = null;
  #joined = false;
  #published = false;
  #leavesAt: Date | null = null;

  constructor(tracing: Tracing, { session, fence, traceparent }: Assignment) {
    this.#tracing = tracing;
    this.#performance = tracing.startSpan('session.perform', {
      kind: 'consumer',
      // Undefined with a server of an older version.
      parent: { traceparent: traceparent ?? undefined },
      attributes: {
        'greenroom.session.id': session.id,
        'greenroom.avatar.id': session.avatar_id,
        'greenroom.fence': fence,
      },
    });
  }

  get traceId(): string {
    return this.#performance.traceId;
  }

  /** Sends a report. It gets a span when its state was not reported before. */
  async report<Result>(
    { state }: Report,
    send: (traceparent: string | undefined) => Promise<Result>,
  ): Promise<Result> {
    if (state === this.#reportedState) return send(undefined);
    const result = await this.call('assignments.report', send, { 'greenroom.report.state': state });
    this.#reportedState = state;
    return result;
  }

  /** Traces a call to the server, which continues the span. */
  async call<Result>(
    operation: string,
    send: (traceparent: string | undefined) => Promise<Result>,
    attributes: SpanOptions['attributes'] = {},
  ): Promise<Result> {
    const span = this.#start(operation, { kind: 'client', attributes });
    try {
      return await send(span.traceparent);
    } catch (error) {
      if (error instanceof ControlPlaneError) {
        span.fail(error.code ?? 'unreachable');
        if (error.status !== null) span.setAttributes({ 'http.response.status_code': error.status });
      } else {
        // A later report replaces it, or the lease has ended.
        span.setAttributes({ 'greenroom.call.canceled': true });
      }
      throw error;
    } finally {
      span.end();
    }
  }

  /** Adds the spans of the progress so far. */
  progressed({ startedAt, joinedAt, firstFrameAt, ending }: Progress): void {
    const joined = joinedAt ?? firstFrameAt;
    if (joined !== null && !this.#joined) {
      this.#joined = true;
      this.#start('room.join', { startedAt }).end(joined);
    }
    if (joined !== null && firstFrameAt !== null && !this.#published) {
      this.#published = true;
      this.#start('room.first_frame', { startedAt: joined }).end(firstFrameAt);
    }
    if (ending !== undefined) this.leaves();
  }

  /** Records that the performance has begun to leave the room. */
  leaves(): void {
    this.#leavesAt ??= new Date();
  }

  /** Adds the span of leaving the room, or the span of the step that did not complete. */
  left(progress: Progress, outcome: Outcome, at: Date): void {
    this.progressed(progress);
    const failure = outcome.state === 'failed' ? outcome.failure.code : null;
    const { startedAt, joinedAt } = progress;
    const unfinished = this.#joined
      ? this.#published
        ? this.#leavesAt && { name: 'room.leave', startedAt: this.#leavesAt }
        : { name: 'room.first_frame', startedAt: joinedAt ?? startedAt }
      : { name: 'room.join', startedAt };
    if (unfinished !== null) {
      const span = this.#start(unfinished.name, { startedAt: unfinished.startedAt });
      if (failure !== null) span.fail(failure);
      span.end(at);
    }
    if (failure !== null) this.#performance.fail(failure);
    this.#performance.setAttributes({
      'greenroom.frames': progress.frames,
      'greenroom.media_ms': Math.floor(progress.mediaMs),
    });
  }

  /** Ends the trace. `result` says why the worker no longer has the session. */
  end(result: 'ended' | 'released' | 'lost'): void {
    this.#performance.setAttributes({ 'greenroom.assignment': result });
    if (result === 'lost') this.#performance.fail('assignment.lost');
    this.#performance.end();
  }

  #start(name: string, options: SpanOptions): Span {
    return this.#tracing.startSpan(name, { ...options, parent: this.#performance });
  }
}
