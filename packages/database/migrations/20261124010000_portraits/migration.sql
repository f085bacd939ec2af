-- CreateTable
CREATE TABLE "avatar_portraits" (
    "org_id" TEXT COLLATE "C" NOT NULL,
    "avatar_id" TEXT COLLATE "C" NOT NULL,
    "original" BYTEA,
    "picture" BYTEA,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "avatar_portraits_pkey" PRIMARY KEY ("org_id","avatar_id"),
    -- What was uploaded is kept until there is something better, and no longer.
    CONSTRAINT "avatar_portraits_one_check" CHECK (num_nonnulls("original", "picture") = 1)
);

-- Images are compressed already.
ALTER TABLE "avatar_portraits"
    ALTER COLUMN "original" SET STORAGE EXTERNAL,
    ALTER COLUMN "picture" SET STORAGE EXTERNAL;

-- CreateIndex
CREATE INDEX "avatar_portraits_deleted_idx" ON "avatar_portraits"("deleted_at") WHERE (deleted_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "avatars_processing_idx" ON "avatars"("created_at") WHERE (status = 'processing'::avatar_status);
