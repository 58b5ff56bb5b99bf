-- Every event that $1 led to. Leans on events_by_cause.
select position, type, connection, kind, record, road, cover, occurred_at, recorded_at, cause, trace,
       data, id, shape, origin, flow, seal, digest, link
from events
where cause = $1
order by position
