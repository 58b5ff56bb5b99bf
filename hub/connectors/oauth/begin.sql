-- Have the connection $1 begin anew, at $2 (null: now), with a grant for which a token was just asked.
-- What was asked before counts on: it may be the same grant.
insert into access_tokens as t (connection, asked_at)
values ($1, array[coalesce($2::timestamptz, clock_timestamp())])
on conflict (connection) do update
set asked_at = t.asked_at || excluded.asked_at, wait_until = '-infinity', wait_why = '',
    renew_at = '-infinity', expires_at = '-infinity', base_url = '', dead_since = null,
    dead_why = null
