-- Hold the lock of the holder $1 of places, as long as this database connection lives.
select pg_try_advisory_lock(hashtextextended(current_schema() || '.holder.' || $1::uuid, 0))
