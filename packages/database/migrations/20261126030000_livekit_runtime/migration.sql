-- The runtime `bringup` is called `livekit` from now on. Processes of the previous version read the new name from these
-- rows; rows that they still insert with the old one are read as the new one.
-- Workers first: a claim locks its worker before a session.
UPDATE "workers" SET "runtime_type" = 'livekit' WHERE "runtime_type" = 'bringup';
UPDATE "avatars" SET "runtime_type" = 'livekit' WHERE "runtime_type" = 'bringup';

-- Only live sessions: no worker claims the others again. The condition is that of a partial index.
UPDATE "sessions" SET "runtime_type" = 'livekit'
 WHERE "runtime_type" = 'bringup'
   AND status = ANY (ARRAY['created'::session_status, 'queued'::session_status, 'starting'::session_status, 'running'::session_status, 'ending'::session_status]);
