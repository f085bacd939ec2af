-- The keys of a suspended organisation are refused. Processes of the previous version do not know the column, and go on
-- accepting them until they are replaced.
ALTER TABLE "orgs" ADD COLUMN "suspended_at" TIMESTAMPTZ(3);
