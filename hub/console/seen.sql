-- The last $4 times that the record $3 of kind $2 in connection $1 was seen, or seen to be gone, the
-- latest first; whether each waits for a person, and whether it was older than known.
select t.position, t.recorded_at, t.occurred_at, t.type, t.road, t.origin, t.first, t.changed,
       (select coalesce(p.reason, 'an earlier event of its record waits') from parked p
        where p.projector = 'sync' and p.position = t.position) as parked
from timeline t
where t.connection = $1 and t.kind = $2 and t.record = $3 and t.type in ('observed', 'gone')
order by t.position desc
limit $4
