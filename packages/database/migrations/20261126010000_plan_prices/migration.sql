-- AlterTable
ALTER TABLE "plans"
    ADD COLUMN "monthly_price_cents" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "included_credits" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "extra_credit_unit_micros" INTEGER,
    ADD COLUMN "custom_avatar_slots" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "extra_avatar_slot_cents" INTEGER;

-- A plan that an operator added allows as many avatars as all plans did until now.
UPDATE "plans" SET "custom_avatar_slots" = 100;

-- The default plans.
UPDATE "plans" AS plan
   SET "monthly_price_cents" = defaults.price, "included_credits" = defaults.credits,
       "extra_credit_unit_micros" = 10000, "custom_avatar_slots" = defaults.avatars
  FROM (VALUES ('free', 0, 50, 1), ('starter', 2000, 500, 5), ('launch', 9999, 7500, 20), ('scale', 29999, 25000, 100))
       AS defaults(id, price, credits, avatars)
 WHERE plan.id = defaults.id;

-- Every stock avatar is for demonstration.
UPDATE "avatars" SET "is_demo" = true WHERE "org_id" = 'platform';
