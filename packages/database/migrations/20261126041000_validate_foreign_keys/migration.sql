-- Separate from the migration that added them: it reads the tables while requests go on writing them.
ALTER TABLE "session_events" VALIDATE CONSTRAINT "session_events_org_id_mode_session_id_fkey";
ALTER TABLE "orgs" VALIDATE CONSTRAINT "orgs_plan_id_fkey";
ALTER TABLE "accounts" VALIDATE CONSTRAINT "accounts_org_id_fkey";
ALTER TABLE "api_keys" VALIDATE CONSTRAINT "api_keys_org_id_fkey";
ALTER TABLE "workers" VALIDATE CONSTRAINT "workers_worker_key_id_fkey";
ALTER TABLE "sessions" VALIDATE CONSTRAINT "sessions_org_id_fkey";
ALTER TABLE "usage_events" VALIDATE CONSTRAINT "usage_events_org_id_fkey";
ALTER TABLE "usage_totals" VALIDATE CONSTRAINT "usage_totals_org_id_fkey";
ALTER TABLE "idempotency_records" VALIDATE CONSTRAINT "idempotency_records_org_id_fkey";
