-- Separate from other changes, because it reads all usage events: it locks no table that requests read or write.
-- What a process of the previous version bills during or after it is in the usage events and not in the totals, so those
-- processes have to be stopped first.

-- CreateTable
CREATE TABLE "usage_totals" (
    "org_id" TEXT COLLATE "C" NOT NULL,
    "mode" "mode" NOT NULL,
    "month" DATE NOT NULL,
    "quality" "quality" NOT NULL,
    "billable_seconds" BIGINT NOT NULL,
    "credits" DECIMAL(14,1) NOT NULL,
    "sessions" INTEGER NOT NULL,
    "continued_sessions" INTEGER NOT NULL,

    CONSTRAINT "usage_totals_pkey" PRIMARY KEY ("org_id","mode","month","quality")
);

-- AddForeignKey
ALTER TABLE "usage_totals" ADD CONSTRAINT "usage_totals_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "orgs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The month of an event is that of its id: the ten digits after the prefix are milliseconds in Crockford's base 32.
INSERT INTO "usage_totals"
SELECT org_id, mode, month, quality, sum(billable_seconds), sum(credits), count(DISTINCT session_id),
       count(DISTINCT session_id) FILTER (WHERE month > first_month)
  FROM (SELECT *, min(month) OVER (PARTITION BY org_id, mode, session_id) AS first_month
          FROM (SELECT event.*, date_trunc('month', to_timestamp(time.ms / 1000.0) AT TIME ZONE 'UTC')::date AS month
                  FROM "usage_events" AS event, LATERAL (
                       SELECT sum((strpos('0123456789ABCDEFGHJKMNPQRSTVWXYZ', substr(event.id, 4 + digit, 1)) - 1)::bigint
                                  << (5 * (10 - digit))) AS ms
                         FROM generate_series(1, 10) AS digit) AS time) AS dated) AS events
 GROUP BY org_id, mode, month, quality;
