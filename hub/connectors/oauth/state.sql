-- How the access token of the connection $1 stands at $2 (null: now), in seconds from then. It may
-- be asked for $4 times in $3 seconds.
select dead_why, base_url, case when wait_until > moment then wait_why else '' end as wait_why,
       -- Never was is infinitely long ago, which Postgres 15 does not subtract from a moment.
       date_part('epoch', renew_at) - date_part('epoch', moment) as renew_in,
       date_part('epoch', expires_at) - date_part('epoch', moment) as expires_in,
       greatest(0, date_part('epoch', wait_until) - date_part('epoch', moment), (
           select date_part('epoch', asked) - date_part('epoch', moment) + $3
           from unnest(asked_at) as asked
           order by asked desc
           offset $4::int - 1 limit 1
       )) as wait_in
from access_tokens, (select coalesce($2::timestamptz, clock_timestamp()) as moment) as clock
where connection = $1
