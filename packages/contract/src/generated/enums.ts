// Generated from openapi/ by `pnpm generate`. Do not edit.

export const sessionStatusFilterValues = [
  'created',
  'queued',
  'starting',
  'running',
  'ending',
  'ended',
  'failed',
  'canceled',
  'active',
  'terminal',
] as const;
export type SessionStatusFilter = (typeof sessionStatusFilterValues)[number];

export const sessionStatusValues = [
  'created',
  'queued',
  'starting',
  'running',
  'ending',
  'ended',
  'failed',
  'canceled',
] as const;
export type SessionStatus = (typeof sessionStatusValues)[number];

export const audioSourceValues = ['data_stream', 'track'] as const;
export type AudioSource = (typeof audioSourceValues)[number];

export const qualityValues = ['mock', 'lite', 'standard', 'pro'] as const;
export type Quality = (typeof qualityValues)[number];

export const failureCodeValues = [
  'room.unreachable',
  'room.token_rejected',
  'room.disconnected',
  'worker.lost',
  'worker.unavailable',
  'worker.crashed',
  'runtime.error',
] as const;
export type FailureCode = (typeof failureCodeValues)[number];

export const errorTypeValues = [
  'invalid_request',
  'authentication',
  'permission',
  'not_found',
  'conflict',
  'unprocessable',
  'rate_limit',
  'quota_exceeded',
  'internal',
  'service_unavailable',
] as const;
export type ErrorType = (typeof errorTypeValues)[number];

export const eventActorValues = ['customer', 'worker', 'system'] as const;
export type EventActor = (typeof eventActorValues)[number];

export const relayModeValues = ['websocket'] as const;
export type RelayMode = (typeof relayModeValues)[number];

export const eventTypeValues = [
  'session.queued',
  'session.starting',
  'session.running',
  'session.ending',
  'session.ended',
  'session.failed',
  'session.canceled',
  'avatar.ready',
  'avatar.failed',
  'credits.low',
  'webhook_endpoint.disabled',
  'ping',
] as const;
export type EventType = (typeof eventTypeValues)[number];

export const avatarStatusValues = ['ready', 'processing', 'failed'] as const;
export type AvatarStatus = (typeof avatarStatusValues)[number];

export const webhookEndpointStatusValues = ['enabled', 'disabled'] as const;
export type WebhookEndpointStatus = (typeof webhookEndpointStatusValues)[number];

export const webhookDeliveryStatusValues = ['pending', 'succeeded', 'failed', 'canceled'] as const;
export type WebhookDeliveryStatus = (typeof webhookDeliveryStatusValues)[number];

export const usagePeriodValues = ['current_month', 'previous_month'] as const;
export type UsagePeriod = (typeof usagePeriodValues)[number];

export const avatarScopeValues = ['all', 'platform', 'org'] as const;
export type AvatarScope = (typeof avatarScopeValues)[number];

export const serviceStatusValues = ['operational', 'degraded', 'outage'] as const;
export type ServiceStatus = (typeof serviceStatusValues)[number];

export const keyModeValues = ['live', 'test'] as const;
export type KeyMode = (typeof keyModeValues)[number];

export const scopeValues = [
  'sessions:read',
  'sessions:write',
  'usage:read',
  'avatars:write',
  'keys:admin',
  'webhooks:read',
  'webhooks:write',
] as const;
export type Scope = (typeof scopeValues)[number];

export const workerReportStateValues = ['starting', 'running', 'ending', 'ended', 'failed'] as const;
export type WorkerReportState = (typeof workerReportStateValues)[number];

export const directiveValues = ['continue', 'drain', 'abort'] as const;
export type Directive = (typeof directiveValues)[number];
