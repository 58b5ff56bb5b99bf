-- Note that the connection $1 got an access token at $2 (null: now): it is renewed after $3 seconds,
-- ends after $4, and is for the base URL $5.
update access_tokens
set renew_at = moment + make_interval(secs => $3), expires_at = moment + make_interval(secs => $4),
    base_url = $5, wait_until = '-infinity', wait_why = ''
from (select coalesce($2::timestamptz, clock_timestamp()) as moment) as clock
where connection = $1
