-- Until it is let go, nobody else makes or rotates keys in this schema.
select pg_advisory_lock(hashtextextended(current_schema() || '.vault', 0))
