// Generated from openapi/ by `pnpm generate`. Do not edit.

export const lifecycle = {
  live: ['created', 'queued', 'starting', 'running', 'ending'],
  terminal: ['ended', 'failed', 'canceled'],
  transitions: {
    enqueue: { from: ['created'], to: 'queued', actor: 'customer', reason: 'session.created' },
    start: { from: ['queued'], to: 'starting', actor: 'worker', reason: 'worker.starting' },
    firstFrame: { from: ['starting'], to: 'running', actor: 'worker', reason: 'worker.first_frame' },
    cancel: {
      from: ['created', 'queued'],
      to: 'canceled',
      actor: 'customer',
      reason: 'session.end_requested',
    },
    abandon: { from: ['created', 'queued'], to: 'canceled', actor: 'customer', reason: 'client.left' },
    cancelUnclaimed: {
      from: ['created', 'queued'],
      to: 'canceled',
      actor: 'system',
      reason: 'worker.unavailable',
    },
    drain: {
      from: ['starting', 'running'],
      to: 'ending',
      actor: 'customer',
      reason: 'session.end_requested',
    },
    idle: { from: ['starting', 'running'], to: 'ending', actor: 'worker', reason: 'session.idle' },
    finish: { from: ['starting', 'running'], to: 'ending', actor: 'worker', reason: 'performance.finished' },
    roomDeleted: { from: ['starting', 'running'], to: 'ending', actor: 'worker', reason: 'room.deleted' },
    roomClosed: { from: ['starting', 'running'], to: 'ending', actor: 'worker', reason: 'room.closed' },
    workerRemoved: { from: ['starting', 'running'], to: 'ending', actor: 'worker', reason: 'worker.removed' },
    agentLeft: { from: ['starting', 'running'], to: 'ending', actor: 'worker', reason: 'agent.left' },
    clientLeft: { from: ['starting', 'running'], to: 'ending', actor: 'worker', reason: 'client.left' },
    clientNeverConnected: {
      from: ['starting'],
      to: 'ending',
      actor: 'worker',
      reason: 'client.never_connected',
    },
    reachDuration: {
      from: ['starting', 'running'],
      to: 'ending',
      actor: 'worker',
      reason: 'session.max_duration',
    },
    exceedDuration: { from: ['running'], to: 'ending', actor: 'system', reason: 'session.max_duration' },
    leave: { from: ['ending'], to: 'ended', actor: 'worker', reason: 'worker.left' },
    exceedDrain: { from: ['ending'], to: 'ended', actor: 'system', reason: 'drain.deadline' },
    loseDraining: { from: ['ending'], to: 'ended', actor: 'system', reason: 'worker.lost' },
    replaceWaiting: {
      from: ['created', 'queued'],
      to: 'canceled',
      actor: 'customer',
      reason: 'session.replaced',
    },
    replace: {
      from: ['starting', 'running', 'ending'],
      to: 'ended',
      actor: 'customer',
      reason: 'session.replaced',
    },
    requeue: { from: ['starting'], to: 'queued', actor: 'system', reason: 'worker.lost' },
    giveUpWaiting: {
      from: ['created', 'queued'],
      to: 'failed',
      actor: 'system',
      reason: 'worker.unavailable',
      failure: {
        code: 'worker.unavailable',
        message:
          'No worker claimed the session before its join deadline. Nothing was charged; create the session again.',
      },
    },
    expireToken: {
      from: ['queued'],
      to: 'failed',
      actor: 'system',
      reason: 'room.token_rejected',
      failure: {
        code: 'room.token_rejected',
        message:
          'The worker token expired before a worker claimed the session. Nothing was charged; mint a token that is valid for longer.',
      },
    },
    missFirstFrame: {
      from: ['starting'],
      to: 'failed',
      actor: 'system',
      reason: 'first_frame.deadline',
      failure: {
        code: 'runtime.error',
        message:
          'The worker published no video before the deadline. Nothing was charged; create the session again.',
      },
    },
    loseWorker: {
      from: ['queued', 'starting', 'running'],
      to: 'failed',
      actor: 'system',
      reason: 'worker.lost',
      failure: {
        code: 'worker.lost',
        message: 'The worker stopped reporting and did not come back. Only reported seconds are charged.',
      },
    },
    fail: { from: ['starting', 'running'], to: 'failed', actor: 'worker', reason: 'failure.code' },
    failDraining: { from: ['ending'], to: 'ended', actor: 'worker', reason: 'failure.code' },
  },
} as const;
