-- AlterTable
ALTER TABLE "sessions"
    ADD COLUMN "worker_token_expires_at" TIMESTAMPTZ(3),
    ADD COLUMN "acts_for" TEXT,
    ADD COLUMN "replaced_token_hashes" BYTEA[] DEFAULT ARRAY[]::BYTEA[];
