-- A session is a record and, while it lives, an assignment. What its queue, worker, lease, deadline, counters and bill need
-- moves from `sessions` to `assignments`, which has live sessions only.

CREATE TABLE "assignments" (
    "id" TEXT COLLATE "C" NOT NULL,
    "org_id" TEXT COLLATE "C" NOT NULL,
    "mode" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "avatar_id" TEXT COLLATE "C" NOT NULL,
    "quality" TEXT COLLATE "C" NOT NULL,
    "runtime_type" TEXT NOT NULL,
    "max_duration_seconds" INTEGER NOT NULL,
    "worker_token_encrypted" BYTEA NOT NULL,
    "worker_token_expires_at" TIMESTAMPTZ(3),
    "worker_id" TEXT COLLATE "C",
    "fence" INTEGER NOT NULL DEFAULT 0,
    "assigned_at" TIMESTAMPTZ(3),
    "lease_until" TIMESTAMPTZ(3),
    "requeues" INTEGER NOT NULL DEFAULT 0,
    "deadline_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "first_frame_at" TIMESTAMPTZ(3),
    "frames" INTEGER NOT NULL DEFAULT 0,
    "media_ms" INTEGER NOT NULL DEFAULT 0,
    "billed_seconds" INTEGER NOT NULL DEFAULT 0,
    "billed_credits" DECIMAL(14,1) NOT NULL DEFAULT 0,
    "credits_reserved" DECIMAL(14,1) NOT NULL DEFAULT 0,

    CONSTRAINT "assignments_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "assignments_mode_check" CHECK ("mode" IN ('test', 'live')),
    CONSTRAINT "assignments_status_check" CHECK ("status" IN ('created', 'queued', 'starting', 'running', 'ending')),
    CONSTRAINT "assignments_quality_check" CHECK ("quality" IN ('mock', 'lite', 'standard', 'pro')),
    CONSTRAINT "assignments_billed_not_beyond_delivered" CHECK ("billed_seconds" <= "media_ms" / 1000),
    CONSTRAINT "assignments_lease_has_holder" CHECK (("lease_until" IS NULL) = ("worker_id" IS NULL))
) WITH (
    -- Leaves room on each page for the new versions of its rows, which every report writes.
    fillfactor = 50, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0.05
);
CREATE INDEX "assignments_queue_idx" ON "assignments"("runtime_type", "quality", "org_id", "mode", "id") WHERE ((status = 'queued'::text) AND (worker_id IS NULL));
CREATE INDEX "assignments_worker_id_idx" ON "assignments"("worker_id") WHERE (worker_id IS NOT NULL);
CREATE INDEX "assignments_deadline_at_idx" ON "assignments"("deadline_at");

LOCK TABLE "sessions";
INSERT INTO "assignments" (id, org_id, mode, status, avatar_id, quality, runtime_type, max_duration_seconds,
            worker_token_encrypted, worker_token_expires_at, worker_id, fence, assigned_at, lease_until,
            requeues, deadline_at, started_at, first_frame_at, frames, media_ms, billed_seconds,
            billed_credits, credits_reserved)
SELECT id, org_id, mode, status, avatar_id, quality, runtime_type, max_duration_seconds,
       coalesce(worker_token_encrypted, ''), worker_token_expires_at, worker_id, fence, assigned_at,
       lease_until, requeues, deadline_at, started_at, first_frame_at, frames, media_ms, billed_seconds,
       billed_credits, credits_reserved
  FROM "sessions" WHERE status IN ('created', 'queued', 'starting', 'running', 'ending');

ALTER TABLE "sessions" ADD COLUMN "final_fence" INTEGER;
-- The workers of sessions that ended just now may send their last report again.
UPDATE "sessions" SET final_fence = fence
 WHERE status NOT IN ('created', 'queued', 'starting', 'running', 'ending') AND greatest(ended_at, failed_at) > now() - interval '10 minutes';

ALTER TABLE "sessions"
    ALTER COLUMN "runtime_type" DROP NOT NULL,
    DROP CONSTRAINT "sessions_billed_not_beyond_delivered",
    DROP CONSTRAINT "sessions_lease_has_holder";

-- Processes of the previous version read and write the columns in `sessions`. Until the last of them has stopped, these
-- triggers keep both tables equal. The previous version sets one of the columns in every statement, this version in none.
CREATE FUNCTION "copy_session_to_assignment"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status IN ('created', 'queued', 'starting', 'running', 'ending') THEN
    INSERT INTO assignments (id, org_id, mode, status, avatar_id, quality, runtime_type, max_duration_seconds,
            worker_token_encrypted, worker_token_expires_at, worker_id, fence, assigned_at, lease_until,
            requeues, deadline_at, started_at, first_frame_at, frames, media_ms, billed_seconds,
            billed_credits, credits_reserved)
    VALUES (NEW.id, NEW.org_id, NEW.mode, NEW.status, NEW.avatar_id, NEW.quality, NEW.runtime_type,
            NEW.max_duration_seconds, coalesce(NEW.worker_token_encrypted, ''),
            NEW.worker_token_expires_at, NEW.worker_id, NEW.fence, NEW.assigned_at, NEW.lease_until,
            NEW.requeues, NEW.deadline_at, NEW.started_at, NEW.first_frame_at, NEW.frames, NEW.media_ms,
            NEW.billed_seconds, NEW.billed_credits, NEW.credits_reserved)
    ON CONFLICT (id) DO UPDATE
        SET status = EXCLUDED.status, worker_id = EXCLUDED.worker_id, fence = EXCLUDED.fence,
            assigned_at = EXCLUDED.assigned_at, lease_until = EXCLUDED.lease_until, requeues = EXCLUDED.requeues,
            deadline_at = EXCLUDED.deadline_at, started_at = EXCLUDED.started_at,
            first_frame_at = EXCLUDED.first_frame_at, frames = EXCLUDED.frames, media_ms = EXCLUDED.media_ms,
            billed_seconds = EXCLUDED.billed_seconds, billed_credits = EXCLUDED.billed_credits,
            credits_reserved = EXCLUDED.credits_reserved;
  ELSE
    DELETE FROM assignments WHERE id = NEW.id;
    UPDATE sessions SET final_fence = NEW.fence WHERE org_id = NEW.org_id AND mode = NEW.mode AND id = NEW.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "copy_new_session" AFTER INSERT ON "sessions"
   FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND NEW.deadline_at IS NOT NULL) EXECUTE FUNCTION "copy_session_to_assignment"();
CREATE TRIGGER "copy_session" AFTER UPDATE OF fence, worker_id, lease_until, billed_seconds ON "sessions"
   FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION "copy_session_to_assignment"();

CREATE FUNCTION "copy_assignment_to_session"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    UPDATE sessions
       SET worker_token_encrypted = NULL, worker_id = NULL, lease_until = NULL, deadline_at = NULL, credits_reserved = 0,
           media_ms = OLD.media_ms, billed_seconds = billable_seconds, fence = coalesce(final_fence, OLD.fence)
     WHERE org_id = OLD.org_id AND mode = OLD.mode AND id = OLD.id;
  ELSE
    UPDATE sessions
       SET media_ms = NEW.media_ms, billed_seconds = NEW.billed_seconds, billed_credits = NEW.billed_credits,
           credits_reserved = NEW.credits_reserved, runtime_type = NEW.runtime_type,
            worker_id = NEW.worker_id, fence = NEW.fence, assigned_at = NEW.assigned_at,
            lease_until = NEW.lease_until, requeues = NEW.requeues, deadline_at = NEW.deadline_at,
           worker_token_encrypted = NEW.worker_token_encrypted,
            worker_token_expires_at = NEW.worker_token_expires_at,
           started_at = NEW.started_at, first_frame_at = NEW.first_frame_at, frames = NEW.frames,
           billable_seconds = NEW.media_ms / 1000
     WHERE org_id = NEW.org_id AND mode = NEW.mode AND id = NEW.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "copy_assignment" AFTER INSERT OR UPDATE OR DELETE ON "assignments"
   FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION "copy_assignment_to_session"();

-- The previous version locks a session before its assignment, this version the assignment first. So that they do not wait
-- for each other, a claim skips a session that the previous version has locked, and any other write fails and is repeated.
CREATE FUNCTION "lock_session_of_assignment"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.worker_id IS NULL AND NEW.worker_id IS NOT NULL THEN
    PERFORM FROM sessions WHERE org_id = OLD.org_id AND mode = OLD.mode AND id = OLD.id FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN RETURN NULL; END IF;
  ELSE
    PERFORM FROM sessions WHERE org_id = OLD.org_id AND mode = OLD.mode AND id = OLD.id FOR NO KEY UPDATE NOWAIT;
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER "lock_session" BEFORE UPDATE OR DELETE ON "assignments"
   FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION "lock_session_of_assignment"();

-- Ends the upgrade when no process of the previous version runs any more.
CREATE PROCEDURE "finish_upgrade"() LANGUAGE plpgsql AS $$
BEGIN
  DROP TRIGGER copy_new_session ON sessions;
  DROP TRIGGER copy_session ON sessions;
  DROP TRIGGER copy_assignment ON assignments;
  DROP TRIGGER lock_session ON assignments;
  DROP FUNCTION lock_session_of_assignment();
  DROP FUNCTION copy_session_to_assignment();
  DROP FUNCTION copy_assignment_to_session();
  ALTER TABLE sessions
    DROP COLUMN media_ms,
    DROP COLUMN billed_seconds,
    DROP COLUMN billed_credits,
    DROP COLUMN credits_reserved,
    DROP COLUMN runtime_type,
    DROP COLUMN worker_id,
    DROP COLUMN fence,
    DROP COLUMN assigned_at,
    DROP COLUMN lease_until,
    DROP COLUMN requeues,
    DROP COLUMN deadline_at,
    DROP COLUMN worker_token_encrypted,
    DROP COLUMN worker_token_expires_at;
  DROP CAST ("mode" AS text);
  DROP CAST ("session_status" AS text);
  DROP CAST ("quality" AS text);
  DROP CAST ("avatar_status" AS text);
  DROP CAST ("event_actor" AS text);
  DROP CAST ("audio_source" AS text);
  DROP TYPE "mode", "session_status", "quality", "avatar_status", "event_actor", "audio_source";
  DROP PROCEDURE finish_upgrade();
END $$;

-- A new database has no process of the previous version.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM orgs) THEN CALL finish_upgrade(); END IF;
END $$;
