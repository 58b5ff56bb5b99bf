-- Have nobody ask for an access token of the connection $1 for $3 seconds from $2 (null: now),
-- because $4.
update access_tokens
set wait_until = moment + make_interval(secs => $3), wait_why = $4
from (select coalesce($2::timestamptz, clock_timestamp()) as moment) as clock
where connection = $1
