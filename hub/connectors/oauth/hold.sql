-- Until it is let go, no other process renews the access token of the connection $1.
select pg_advisory_lock(hashtextextended(current_schema() || '.token.' || $1, 0))
