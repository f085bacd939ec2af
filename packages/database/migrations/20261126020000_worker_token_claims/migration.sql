-- AlterTable
ALTER TABLE "sessions"
    ADD COLUMN "worker_token_expires_at" TIMESTAMPTZ(3),
    ADD COLUMN "acts_for" TEXT;
