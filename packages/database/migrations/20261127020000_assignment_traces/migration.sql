-- Processes of the previous version do not know the columns. The sessions that they create have no trace.
ALTER TABLE "assignments"
  ADD COLUMN "request_id" TEXT COLLATE "C",
  ADD COLUMN "traceparent" TEXT;
