-- Own avatars belong to a mode, stock avatars to both. Null is both for own ones, too: a process of the previous version,
-- which knows no mode, goes on creating such avatars until it is replaced.
ALTER TABLE "avatars" ADD COLUMN "mode" "mode";

-- Until now an avatar was used in both: it goes where its sessions are, to live ones first.
UPDATE "avatars" AS avatar
   SET "mode" = CASE
         WHEN EXISTS (SELECT 1 FROM "sessions" WHERE org_id = avatar.org_id AND mode = 'live' AND avatar_id = avatar.id) THEN 'live'
         WHEN EXISTS (SELECT 1 FROM "sessions" WHERE org_id = avatar.org_id AND mode = 'test' AND avatar_id = avatar.id) THEN 'test'
         ELSE 'live'
       END::mode
 WHERE "org_id" <> 'platform';

ALTER TABLE "avatars" ADD CONSTRAINT "avatars_mode_check" CHECK ("mode" IS NULL OR "org_id" <> 'platform');

-- CreateIndex
CREATE INDEX "sessions_worker_id_idx" ON "sessions"("worker_id") WHERE (worker_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "api_keys_id_idx" ON "api_keys" USING HASH ("id");
