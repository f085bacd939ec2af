-- Sessions over a WebSocket have no room, and workers say where they serve media. Processes of the previous version neither
-- create nor claim such sessions.

-- AlterTable
ALTER TABLE "sessions" ALTER COLUMN "transport_url" DROP NOT NULL,
ALTER COLUMN "room_name" DROP NOT NULL,
ALTER COLUMN "worker_identity" DROP NOT NULL,
ALTER COLUMN "seat_hash" DROP NOT NULL;

-- AlterTable
ALTER TABLE "workers" ADD COLUMN "media_url" TEXT;
