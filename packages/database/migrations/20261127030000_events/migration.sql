-- Everything that happened in an organisation, kept for 30 days. Processes of the previous version append nothing, so
-- what they do during the upgrade is missing: in `events`, and for readers of the stream.
--
-- `sequence` counts the events of an organisation and mode in the order of their commits: it is taken from
-- `accounts.event_sequence` under the lock of that row.
ALTER TABLE "accounts" ADD COLUMN "event_sequence" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "events" (
    "org_id" TEXT COLLATE "C" NOT NULL,
    "mode" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "sequence" BIGINT NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "session_id" TEXT COLLATE "C",
    "data" JSONB NOT NULL,

    CONSTRAINT "events_pkey" PRIMARY KEY ("org_id","mode","id"),
    CONSTRAINT "events_mode_check" CHECK ("mode" IN ('test', 'live'))
);

-- CreateIndex
CREATE UNIQUE INDEX "events_org_id_mode_sequence_key" ON "events"("org_id", "mode", "sequence");

-- CreateIndex
CREATE INDEX "events_org_id_mode_type_id_idx" ON "events"("org_id", "mode", "type", "id");

-- CreateIndex
CREATE INDEX "events_session_id_idx" ON "events"("org_id", "mode", "session_id", "id") WHERE ("session_id" IS NOT NULL);
