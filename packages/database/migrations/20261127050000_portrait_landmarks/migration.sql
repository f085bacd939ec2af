-- Where the mouth and the jaw are in a portrait. Null for a source image, and for portraits of earlier versions.

-- AlterTable
ALTER TABLE "avatar_portraits" ADD COLUMN "landmarks" JSONB;
