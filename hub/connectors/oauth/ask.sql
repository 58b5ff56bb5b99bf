-- Note that an access token of the connection $1 is asked for at $2 (null: now), if that may be:
-- it is not dead, need not wait, and less than $4 were asked for in the last $3 seconds.
with clock as (select coalesce($2::timestamptz, clock_timestamp()) as moment)
insert into access_tokens as t (connection, asked_at)
select $1, array[moment] from clock
on conflict (connection) do update
set asked_at = array(
    select asked from unnest(t.asked_at) as asked
    where asked > excluded.asked_at[1] - make_interval(secs => $3)
) || excluded.asked_at
where t.dead_since is null and t.wait_until <= excluded.asked_at[1] and (
    select count(*) from unnest(t.asked_at) as asked
    where asked > excluded.asked_at[1] - make_interval(secs => $3)
) < $4
returning true
