-- What is wrong now: grants that are dead, roads that are silent, more than $1 things in the inbox,
-- events that are parked, projectors whose first event not applied is older than $2 seconds.
select 'grant' as what, connection as name, 1::bigint as count, dead_why as detail
from access_tokens
where dead_since is not null
union all
select case when road in ('webhook', 'channel') then 'channel' else 'silent' end, connection, count(*),
       string_agg(distinct kind || ' by ' || road, ', ')
from roads
where silent is not null
group by 1, 2
union all
select 'inbox', '', count(*), '' from inbox where settled is null having count(*) > $1
union all
select 'parked', '', count(*), '' from parked having count(*) > 0
union all
select 'lag', p.name, extract(epoch from clock_timestamp() - e.recorded_at)::bigint, ''
from projectors p
join events e on e.position = p.position + 1
where e.recorded_at < clock_timestamp() - $2 * interval '1 s'
order by what, name
