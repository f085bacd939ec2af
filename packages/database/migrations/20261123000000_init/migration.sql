-- Identifiers are compared byte by byte (COLLATE "C"): the order of ULIDs is the order of creation under no other
-- collation, whatever the server's default is.

-- CreateEnum
CREATE TYPE "mode" AS ENUM ('test', 'live');

-- CreateEnum
CREATE TYPE "session_status" AS ENUM ('created', 'queued', 'starting', 'running', 'ending', 'ended', 'failed', 'canceled');

-- CreateEnum
CREATE TYPE "quality" AS ENUM ('mock', 'lite', 'standard', 'pro');

-- CreateEnum
CREATE TYPE "avatar_status" AS ENUM ('ready', 'processing', 'failed');

-- CreateEnum
CREATE TYPE "event_actor" AS ENUM ('customer', 'worker', 'system');

-- CreateEnum
CREATE TYPE "audio_source" AS ENUM ('data_stream', 'track');

-- CreateTable
CREATE TABLE "plans" (
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT NOT NULL,
    "concurrent_sessions" INTEGER NOT NULL,
    "max_session_seconds" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "plans_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "orgs" (
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT NOT NULL,
    "plan_id" TEXT COLLATE "C" NOT NULL,
    "concurrent_sessions" INTEGER,
    "max_session_seconds" INTEGER,
    "requests_per_second" INTEGER,
    "creates_per_second" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "orgs_pkey" PRIMARY KEY ("id"),
    -- The platform's own avatars are under this name.
    CONSTRAINT "orgs_id_not_reserved" CHECK ("id" <> 'platform')
);

-- CreateTable
CREATE TABLE "accounts" (
    "org_id" TEXT COLLATE "C" NOT NULL,
    "mode" "mode" NOT NULL,
    "credits_balance" DECIMAL(14,1) NOT NULL DEFAULT 0,
    "credits_reserved" DECIMAL(14,1) NOT NULL DEFAULT 0,
    "active_sessions" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("org_id","mode"),
    CONSTRAINT "accounts_credits_reserved_not_negative" CHECK ("credits_reserved" >= 0),
    CONSTRAINT "accounts_active_sessions_not_negative" CHECK ("active_sessions" >= 0)
);

-- CreateTable
CREATE TABLE "api_keys" (
    "org_id" TEXT COLLATE "C" NOT NULL,
    "mode" "mode" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT NOT NULL,
    "scopes" TEXT[],
    "hint" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("org_id","mode","id")
);

-- CreateTable
CREATE TABLE "worker_keys" (
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "worker_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workers" (
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT NOT NULL,
    "runtime_type" TEXT NOT NULL,
    "qualities" "quality"[],
    "slots" INTEGER NOT NULL,
    "version" TEXT NOT NULL,
    "worker_key_id" TEXT COLLATE "C" NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "workers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "avatars" (
    "org_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT NOT NULL,
    "status" "avatar_status" NOT NULL,
    "runtime_type" TEXT NOT NULL,
    "is_demo" BOOLEAN NOT NULL DEFAULT false,
    "failure_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "avatars_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "org_id" TEXT COLLATE "C" NOT NULL,
    "mode" "mode" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "status" "session_status" NOT NULL,
    "avatar_id" TEXT COLLATE "C" NOT NULL,
    "quality" "quality" NOT NULL,
    "max_duration_seconds" INTEGER NOT NULL,
    "idle_timeout_seconds" INTEGER NOT NULL,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "transport_type" TEXT NOT NULL DEFAULT 'livekit',
    "transport_url" TEXT NOT NULL,
    "room_name" TEXT NOT NULL,
    "worker_identity" TEXT NOT NULL,
    "audio_source" "audio_source" NOT NULL DEFAULT 'data_stream',
    "subscribe_to_identity" TEXT,
    "synthetic_audio_if_no_input" BOOLEAN NOT NULL DEFAULT false,
    "seat_hash" BYTEA NOT NULL,
    "worker_token_hash" BYTEA,
    "worker_token_encrypted" BYTEA,
    "started_at" TIMESTAMPTZ(3),
    "first_frame_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),
    "failure_code" TEXT,
    "failure_message" TEXT,
    "billable_seconds" INTEGER NOT NULL DEFAULT 0,
    "frames" INTEGER NOT NULL DEFAULT 0,
    "credits_reserved" DECIMAL(14,1) NOT NULL DEFAULT 0,
    "transitions" INTEGER NOT NULL DEFAULT 0,
    "deadline_at" TIMESTAMPTZ(3),

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("org_id","mode","id")
);

-- CreateTable
CREATE TABLE "session_events" (
    "org_id" TEXT COLLATE "C" NOT NULL,
    "mode" "mode" NOT NULL,
    "session_id" TEXT COLLATE "C" NOT NULL,
    "sequence" INTEGER NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "from_status" "session_status" NOT NULL,
    "to_status" "session_status" NOT NULL,
    "actor" "event_actor" NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "session_events_pkey" PRIMARY KEY ("org_id","mode","session_id","sequence")
);

-- CreateTable
CREATE TABLE "usage_events" (
    "org_id" TEXT COLLATE "C" NOT NULL,
    "mode" "mode" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "session_id" TEXT COLLATE "C" NOT NULL,
    "quality" "quality" NOT NULL,
    "interval_start" TIMESTAMPTZ(3) NOT NULL,
    "interval_end" TIMESTAMPTZ(3) NOT NULL,
    "billable_seconds" INTEGER NOT NULL,
    "multiplier" DECIMAL(3,1) NOT NULL,
    "credits" DECIMAL(14,1) NOT NULL,

    CONSTRAINT "usage_events_pkey" PRIMARY KEY ("org_id","mode","id")
);

-- CreateTable
CREATE TABLE "idempotency_records" (
    "org_id" TEXT COLLATE "C" NOT NULL,
    "mode" "mode" NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "status_code" INTEGER NOT NULL,
    "headers" JSONB NOT NULL,
    "body" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_records_pkey" PRIMARY KEY ("org_id","mode","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_secret_hash_key" ON "api_keys"("secret_hash");

-- CreateIndex
CREATE UNIQUE INDEX "worker_keys_secret_hash_key" ON "worker_keys"("secret_hash");

-- CreateIndex
CREATE INDEX "workers_last_seen_at_idx" ON "workers"("last_seen_at");

-- CreateIndex
CREATE INDEX "sessions_org_id_mode_status_id_idx" ON "sessions"("org_id", "mode", "status", "id");

-- CreateIndex
CREATE INDEX "sessions_org_id_mode_avatar_id_id_idx" ON "sessions"("org_id", "mode", "avatar_id", "id");

-- CreateIndex
CREATE INDEX "sessions_org_id_mode_avatar_id_status_id_idx" ON "sessions"("org_id", "mode", "avatar_id", "status", "id");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_live_seat_key" ON "sessions"("org_id", "mode", "seat_hash") WHERE (status = ANY (ARRAY['created'::session_status, 'queued'::session_status, 'starting'::session_status, 'running'::session_status, 'ending'::session_status]));

-- CreateIndex
CREATE INDEX "usage_events_org_id_mode_session_id_id_idx" ON "usage_events"("org_id", "mode", "session_id", "id");

-- CreateIndex
CREATE INDEX "idempotency_records_expires_at_idx" ON "idempotency_records"("expires_at");

-- AddForeignKey
ALTER TABLE "orgs" ADD CONSTRAINT "orgs_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plans"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "orgs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "orgs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workers" ADD CONSTRAINT "workers_worker_key_id_fkey" FOREIGN KEY ("worker_key_id") REFERENCES "worker_keys"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "orgs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session_events" ADD CONSTRAINT "session_events_org_id_mode_session_id_fkey" FOREIGN KEY ("org_id", "mode", "session_id") REFERENCES "sessions"("org_id", "mode", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage_events" ADD CONSTRAINT "usage_events_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "orgs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "idempotency_records" ADD CONSTRAINT "idempotency_records_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "orgs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
