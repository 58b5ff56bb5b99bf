-- Have the connection $1 begin anew: a fresh grant, of which no token was asked for.
insert into access_tokens (connection) values ($1)
on conflict (connection) do update
set asked_at = '{}', wait_until = '-infinity', wait_why = '', renew_at = '-infinity',
    expires_at = '-infinity', base_url = '', dead_since = null, dead_why = null
