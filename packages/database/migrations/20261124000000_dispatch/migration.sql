-- Dispatch: who performs a session, until when that is believed, and what has been billed of it.

-- AlterTable
ALTER TABLE "sessions"
    ADD COLUMN "media_ms" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "billed_seconds" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "billed_credits" DECIMAL(14,1) NOT NULL DEFAULT 0,
    ADD COLUMN "runtime_type" TEXT,
    ADD COLUMN "worker_id" TEXT COLLATE "C",
    ADD COLUMN "fence" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "assigned_at" TIMESTAMPTZ(3),
    ADD COLUMN "lease_until" TIMESTAMPTZ(3),
    ADD COLUMN "requeues" INTEGER NOT NULL DEFAULT 0;

-- Sessions from before there were workers.
UPDATE "sessions" SET "runtime_type" = CASE "mode" WHEN 'test' THEN 'simulator' ELSE 'bringup' END;
ALTER TABLE "sessions"
    ALTER COLUMN "runtime_type" SET NOT NULL,
    ADD CONSTRAINT "sessions_billed_not_beyond_delivered" CHECK ("billed_seconds" <= "billable_seconds"),
    ADD CONSTRAINT "sessions_lease_has_holder" CHECK (("lease_until" IS NULL) = ("worker_id" IS NULL));

-- CreateTable
CREATE TABLE "dispatch_turns" (
    "org_id" TEXT COLLATE "C" NOT NULL,
    "mode" "mode" NOT NULL,
    "served_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "dispatch_turns_pkey" PRIMARY KEY ("org_id","mode")
);

-- CreateIndex
CREATE INDEX "sessions_id_idx" ON "sessions" USING HASH ("id");

-- CreateIndex
CREATE INDEX "sessions_queue_idx" ON "sessions"("runtime_type", "quality", "org_id", "mode", "id") WHERE ((status = 'queued'::session_status) AND (worker_id IS NULL));

-- CreateIndex
CREATE INDEX "sessions_lease_until_idx" ON "sessions"("lease_until") WHERE (lease_until IS NOT NULL);

-- CreateIndex
CREATE INDEX "sessions_deadline_at_idx" ON "sessions"("deadline_at") WHERE (deadline_at IS NOT NULL);
