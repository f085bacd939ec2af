-- Processes of the previous version know none of the columns: their organisations get credits in the next run of the job,
-- their grants have no reference, and their totals have all of their events.
--
-- Their transactions lock usage totals, then credit entries, then organisations, for foreign keys. In another order, a
-- transaction and this migration could wait for each other.

ALTER TABLE "usage_totals" ADD COLUMN "events_purged" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "credit_entries" ADD COLUMN "reference" TEXT COLLATE "C";
-- Many entries have none.
CREATE UNIQUE INDEX "credit_entries_org_id_mode_reference_key" ON "credit_entries"("org_id", "mode", "reference");

ALTER TABLE "orgs"
    ADD COLUMN "deleting_at" TIMESTAMPTZ(3),
    ADD COLUMN "credits_month" DATE,
    ADD COLUMN "included_credits" INTEGER;
-- Operators have granted the included credits of this month by hand.
UPDATE "orgs" SET "credits_month" = date_trunc('month', now() AT TIME ZONE 'UTC')::date;
