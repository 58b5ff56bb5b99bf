-- Keep that the grant of the connection $1 was found dead at $2 (null: now), because $3; tell whether
-- that is news.
update access_tokens
set dead_since = coalesce($2::timestamptz, clock_timestamp()), dead_why = $3,
    renew_at = '-infinity', expires_at = '-infinity'
where connection = $1 and dead_since is null
returning true
