-- Each delivery is updated when it is claimed and when an attempt is recorded. By default, a table of millions of rows is
-- vacuumed after a fifth of them has changed.
ALTER TABLE webhook_deliveries SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
