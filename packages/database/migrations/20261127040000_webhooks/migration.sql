-- Where events are posted to, and each delivery with its attempts. Processes of the previous version do not know the tables.

-- CreateTable
CREATE TABLE "webhook_endpoints" (
    "org_id" TEXT COLLATE "C" NOT NULL,
    "mode" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "event_types" TEXT[],
    "disabled_reason" TEXT COLLATE "C",
    "secret_encrypted" BYTEA NOT NULL,
    "previous_secret_encrypted" BYTEA,
    "previous_secret_expires_at" TIMESTAMPTZ(3),
    "event_sequence" BIGINT NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ(3),
    "paused_until" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_endpoints_pkey" PRIMARY KEY ("org_id","mode","id"),
    CONSTRAINT "webhook_endpoints_mode_check" CHECK ("mode" IN ('test', 'live')),
    CONSTRAINT "webhook_endpoints_previous_secret_check" CHECK (
        ("previous_secret_encrypted" IS NULL) = ("previous_secret_expires_at" IS NULL))
) WITH (
    -- Leaves room on each page for the new versions of its rows, which every delivered event writes.
    fillfactor = 50, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0.05
);

-- CreateTable
CREATE TABLE "webhook_deliveries" (
    "org_id" TEXT COLLATE "C" NOT NULL,
    "mode" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "endpoint_id" TEXT COLLATE "C" NOT NULL,
    "event_id" TEXT COLLATE "C" NOT NULL,
    "event_type" TEXT COLLATE "C" NOT NULL,
    "sample" JSON,
    "status" TEXT COLLATE "C" NOT NULL DEFAULT 'pending',
    "attempts" JSONB NOT NULL DEFAULT '[]',
    "retries" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "claim" INTEGER NOT NULL DEFAULT 0,
    "claimed_until" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("org_id","mode","id"),
    CONSTRAINT "webhook_deliveries_mode_check" CHECK ("mode" IN ('test', 'live')),
    CONSTRAINT "webhook_deliveries_status_check" CHECK ("status" IN ('pending', 'succeeded', 'failed', 'canceled')),
    CONSTRAINT "webhook_deliveries_pending_check" CHECK (("status" = 'pending') = ("next_attempt_at" IS NOT NULL))
);

-- CreateIndex
CREATE INDEX "webhook_deliveries_org_id_mode_endpoint_id_id_idx" ON "webhook_deliveries"("org_id", "mode", "endpoint_id", "id");

-- CreateIndex
CREATE INDEX "webhook_deliveries_due_idx" ON "webhook_deliveries"("org_id", "mode", "endpoint_id", "next_attempt_at") WHERE (next_attempt_at IS NOT NULL);

-- AddForeignKey
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "orgs"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;
