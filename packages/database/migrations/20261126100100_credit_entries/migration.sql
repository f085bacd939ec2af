-- What changes a balance other than usage. A balance is the sum of its entries minus the credits of its usage events.

-- CreateTable
CREATE TABLE "credit_entries" (
    "org_id" TEXT COLLATE "C" NOT NULL,
    "mode" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "credits" DECIMAL(14,1) NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "credit_entries_pkey" PRIMARY KEY ("org_id","mode","id"),
    CONSTRAINT "credit_entries_mode_check" CHECK ("mode" IN ('test', 'live')),
    CONSTRAINT "credit_entries_kind_check" CHECK ("kind" IN ('grant', 'debit', 'adjustment')),
    CONSTRAINT "credit_entries_sign_check" CHECK (
        CASE "kind" WHEN 'grant' THEN "credits" > 0 WHEN 'debit' THEN "credits" < 0 ELSE "credits" <> 0 END)
);

-- AddForeignKey
ALTER TABLE "credit_entries" ADD CONSTRAINT "credit_entries_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "orgs"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- One statement reads balances and usage as of one time, so sessions may be billed meanwhile. The lowest id comes first.
INSERT INTO "credit_entries" (org_id, mode, id, kind, credits, reason, at)
SELECT account.org_id, account.mode, 'crd_00000000000000000000000000', 'adjustment',
       account.credits_balance + coalesce(used.credits, 0), 'Opening balance', now()
  FROM "accounts" AS account
  LEFT JOIN (SELECT org_id, mode, sum(credits) AS credits FROM "usage_events" GROUP BY org_id, mode) AS used
    ON used.org_id = account.org_id AND used.mode = account.mode
 WHERE account.credits_balance + coalesce(used.credits, 0) <> 0;
