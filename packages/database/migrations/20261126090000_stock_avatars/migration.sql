-- Stock avatars have a table, because every organisation reads them: their rows in `avatars` belonged to no organisation,
-- so that a sharded database had to ask two shards. Processes of the previous version read those rows, which remain.

-- CreateTable
CREATE TABLE "stock_avatars" (
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT NOT NULL,
    "runtime_type" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stock_avatars_pkey" PRIMARY KEY ("id")
);

INSERT INTO "stock_avatars" (id, name, runtime_type, created_at)
SELECT id, name, runtime_type, created_at FROM "avatars" WHERE org_id = 'platform';
