-- How each of the projectors $1 stands: how far it has come, how far behind the log it is, for how
-- long the first event it has not applied has been there, who runs it, and how much it has parked.
select wanted.name,
       coalesce(p.position, 0) as position,
       log.head - coalesce(p.position, 0) as lag_events,
       coalesce(extract(epoch from clock_timestamp() - (
           select recorded_at from events where events.position = coalesce(p.position, 0) + 1
       )), 0)::float8 as lag_seconds,
       case when p.lease_until > clock_timestamp() then p.holder else '' end as holder,
       (select count(*) from parked where parked.projector = wanted.name) as parked
from unnest($1::text[]) with ordinality as wanted (name, place)
cross join (
    select coalesce((select position from events order by position desc limit 1),
                    (select max(last) from archives), 0) as head
) as log
left join projectors p on p.name = wanted.name
order by wanted.place
