-- Let others make and rotate keys in this schema again.
select pg_advisory_unlock(hashtextextended(current_schema() || '.vault', 0))
