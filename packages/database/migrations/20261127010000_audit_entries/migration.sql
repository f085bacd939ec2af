-- The changes that operators and keys make. The time is in the id. No foreign key to the organisation, because the entry of
-- its deletion outlives it.

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" TEXT COLLATE "C" NOT NULL,
    "org_id" TEXT COLLATE "C",
    "actor_kind" TEXT COLLATE "C" NOT NULL,
    "actor_id" TEXT COLLATE "C" NOT NULL,
    "action" TEXT COLLATE "C" NOT NULL,
    "object_id" TEXT COLLATE "C",
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "audit_entries_actor_kind_check" CHECK ("actor_kind" IN ('api_key', 'operator', 'system')),
    CONSTRAINT "audit_entries_action_check" CHECK ("action" ~ '^[a-z_]+\.[a-z_]+$'),
    CONSTRAINT "audit_entries_details_check" CHECK (octet_length("details"::text) <= 4000)
);

-- CreateIndex
CREATE INDEX "audit_entries_org_id_id_idx" ON "audit_entries"("org_id", "id");
