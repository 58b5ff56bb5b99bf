-- Until the transaction ends, no rotation of this schema's master key is under way.
select pg_advisory_xact_lock(hashtextextended(current_schema() || '.vault', 0))
