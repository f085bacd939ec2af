-- Columns with a few fixed values become text with checks: PostgreSQL's enums cannot be distributed over a cluster, and the
-- casts that Prisma adds for them are refused there. For the same reason no foreign key cascades an update.
--
-- The tables are rewritten, which locks them. Processes of the previous version respond 503 meanwhile, and then serve
-- through the casts below.

-- The prepared statements of those processes would return columns of other types, which PostgreSQL refuses, so their
-- connections are closed. New ones wait for the locks. Waiting for a lock while others are held could deadlock with their
-- transactions, so all are taken at once or none.
DO $$ BEGIN
  LOOP
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND usename = current_user AND application_name LIKE 'greenroom-api%';
    BEGIN
      LOCK TABLE orgs, accounts, api_keys, workers, avatars, sessions, session_events, usage_events, usage_totals,
                 idempotency_records, dispatch_turns NOWAIT;
      EXIT;
    EXCEPTION WHEN lock_not_available THEN
      PERFORM pg_sleep(0.02);
    END;
  END LOOP;
END $$;
-- Connections that were made before the locks were taken.
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND usename = current_user AND application_name LIKE 'greenroom-api%';

-- For the statements of the previous version, which name the types.
CREATE CAST ("mode" AS text) WITH INOUT AS IMPLICIT;
CREATE CAST ("session_status" AS text) WITH INOUT AS IMPLICIT;
CREATE CAST ("quality" AS text) WITH INOUT AS IMPLICIT;
CREATE CAST ("avatar_status" AS text) WITH INOUT AS IMPLICIT;
CREATE CAST ("event_actor" AS text) WITH INOUT AS IMPLICIT;
CREATE CAST ("audio_source" AS text) WITH INOUT AS IMPLICIT;

DROP INDEX "sessions_live_seat_key", "sessions_queue_idx", "avatars_processing_idx";
ALTER TABLE "session_events" DROP CONSTRAINT "session_events_org_id_mode_session_id_fkey";

ALTER TABLE "accounts"
    ALTER COLUMN "mode" TYPE text COLLATE "C" USING "mode"::text,
    ADD CONSTRAINT "accounts_mode_check" CHECK ("mode" IN ('test', 'live'));

ALTER TABLE "api_keys"
    ALTER COLUMN "mode" TYPE text COLLATE "C" USING "mode"::text,
    ADD CONSTRAINT "api_keys_mode_check" CHECK ("mode" IN ('test', 'live'));

ALTER TABLE "avatars"
    ALTER COLUMN "mode" TYPE text COLLATE "C" USING "mode"::text,
    ADD CONSTRAINT "avatars_mode_value_check" CHECK ("mode" IN ('test', 'live')),
    ALTER COLUMN "status" TYPE text COLLATE "C" USING "status"::text,
    ADD CONSTRAINT "avatars_status_check" CHECK ("status" IN ('ready', 'processing', 'failed'));

ALTER TABLE "sessions"
    ALTER COLUMN "mode" TYPE text COLLATE "C" USING "mode"::text,
    ADD CONSTRAINT "sessions_mode_check" CHECK ("mode" IN ('test', 'live')),
    ALTER COLUMN "status" TYPE text COLLATE "C" USING "status"::text,
    ADD CONSTRAINT "sessions_status_check" CHECK ("status" IN ('created', 'queued', 'starting', 'running', 'ending', 'ended', 'failed', 'canceled')),
    ALTER COLUMN "quality" TYPE text COLLATE "C" USING "quality"::text,
    ADD CONSTRAINT "sessions_quality_check" CHECK ("quality" IN ('mock', 'lite', 'standard', 'pro')),
    ALTER COLUMN "audio_source" DROP DEFAULT,
    ALTER COLUMN "audio_source" TYPE text COLLATE "C" USING "audio_source"::text,
    ALTER COLUMN "audio_source" SET DEFAULT 'data_stream',
    ADD CONSTRAINT "sessions_audio_source_check" CHECK ("audio_source" IN ('data_stream', 'track'));

ALTER TABLE "session_events"
    ALTER COLUMN "mode" TYPE text COLLATE "C" USING "mode"::text,
    ADD CONSTRAINT "session_events_mode_check" CHECK ("mode" IN ('test', 'live')),
    ALTER COLUMN "from_status" TYPE text COLLATE "C" USING "from_status"::text,
    ADD CONSTRAINT "session_events_from_status_check" CHECK ("from_status" IN ('created', 'queued', 'starting', 'running', 'ending', 'ended', 'failed', 'canceled')),
    ALTER COLUMN "to_status" TYPE text COLLATE "C" USING "to_status"::text,
    ADD CONSTRAINT "session_events_to_status_check" CHECK ("to_status" IN ('created', 'queued', 'starting', 'running', 'ending', 'ended', 'failed', 'canceled')),
    ALTER COLUMN "actor" TYPE text COLLATE "C" USING "actor"::text,
    ADD CONSTRAINT "session_events_actor_check" CHECK ("actor" IN ('customer', 'worker', 'system'));

ALTER TABLE "usage_events"
    ALTER COLUMN "mode" TYPE text COLLATE "C" USING "mode"::text,
    ADD CONSTRAINT "usage_events_mode_check" CHECK ("mode" IN ('test', 'live')),
    ALTER COLUMN "quality" TYPE text COLLATE "C" USING "quality"::text,
    ADD CONSTRAINT "usage_events_quality_check" CHECK ("quality" IN ('mock', 'lite', 'standard', 'pro'));

ALTER TABLE "usage_totals"
    ALTER COLUMN "mode" TYPE text COLLATE "C" USING "mode"::text,
    ADD CONSTRAINT "usage_totals_mode_check" CHECK ("mode" IN ('test', 'live')),
    ALTER COLUMN "quality" TYPE text COLLATE "C" USING "quality"::text,
    ADD CONSTRAINT "usage_totals_quality_check" CHECK ("quality" IN ('mock', 'lite', 'standard', 'pro'));

ALTER TABLE "idempotency_records"
    ALTER COLUMN "mode" TYPE text COLLATE "C" USING "mode"::text,
    ADD CONSTRAINT "idempotency_records_mode_check" CHECK ("mode" IN ('test', 'live'));

ALTER TABLE "dispatch_turns"
    ALTER COLUMN "mode" TYPE text COLLATE "C" USING "mode"::text,
    ADD CONSTRAINT "dispatch_turns_mode_check" CHECK ("mode" IN ('test', 'live'));

ALTER TABLE "workers"
    ALTER COLUMN "qualities" TYPE text[] USING "qualities"::text[],
    ADD CONSTRAINT "workers_qualities_check" CHECK ("qualities" <@ ARRAY['mock', 'lite', 'standard', 'pro']);

CREATE UNIQUE INDEX "sessions_live_seat_key" ON "sessions"("org_id", "mode", "seat_hash") WHERE (status = ANY (ARRAY['created'::text, 'queued'::text, 'starting'::text, 'running'::text, 'ending'::text]));
CREATE INDEX "sessions_queue_idx" ON "sessions"("runtime_type", "quality", "org_id", "mode", "id") WHERE ((status = 'queued'::text) AND (worker_id IS NULL));
CREATE INDEX "avatars_processing_idx" ON "avatars"("created_at") WHERE (status = 'processing'::text);

ALTER TABLE "session_events" ADD CONSTRAINT "session_events_org_id_mode_session_id_fkey" FOREIGN KEY ("org_id", "mode", "session_id") REFERENCES "sessions"("org_id", "mode", "id") ON DELETE CASCADE ON UPDATE NO ACTION NOT VALID;
-- Validated by the next migration, without these locks.
ALTER TABLE "orgs" DROP CONSTRAINT "orgs_plan_id_fkey", ADD CONSTRAINT "orgs_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plans"("id") ON DELETE RESTRICT ON UPDATE NO ACTION NOT VALID;
ALTER TABLE "accounts" DROP CONSTRAINT "accounts_org_id_fkey", ADD CONSTRAINT "accounts_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "orgs"("id") ON DELETE RESTRICT ON UPDATE NO ACTION NOT VALID;
ALTER TABLE "api_keys" DROP CONSTRAINT "api_keys_org_id_fkey", ADD CONSTRAINT "api_keys_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "orgs"("id") ON DELETE RESTRICT ON UPDATE NO ACTION NOT VALID;
ALTER TABLE "workers" DROP CONSTRAINT "workers_worker_key_id_fkey", ADD CONSTRAINT "workers_worker_key_id_fkey" FOREIGN KEY ("worker_key_id") REFERENCES "worker_keys"("id") ON DELETE RESTRICT ON UPDATE NO ACTION NOT VALID;
ALTER TABLE "sessions" DROP CONSTRAINT "sessions_org_id_fkey", ADD CONSTRAINT "sessions_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "orgs"("id") ON DELETE RESTRICT ON UPDATE NO ACTION NOT VALID;
ALTER TABLE "usage_events" DROP CONSTRAINT "usage_events_org_id_fkey", ADD CONSTRAINT "usage_events_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "orgs"("id") ON DELETE RESTRICT ON UPDATE NO ACTION NOT VALID;
ALTER TABLE "usage_totals" DROP CONSTRAINT "usage_totals_org_id_fkey", ADD CONSTRAINT "usage_totals_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "orgs"("id") ON DELETE RESTRICT ON UPDATE NO ACTION NOT VALID;
ALTER TABLE "idempotency_records" DROP CONSTRAINT "idempotency_records_org_id_fkey", ADD CONSTRAINT "idempotency_records_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "orgs"("id") ON DELETE RESTRICT ON UPDATE NO ACTION NOT VALID;

-- A rewritten column has no statistics.
ANALYZE "accounts", "api_keys", "avatars", "sessions", "session_events", "usage_events", "usage_totals";
