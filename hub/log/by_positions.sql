-- The events at the positions $1.
select position, type, connection, kind, record, road, cover, occurred_at, recorded_at, cause, trace,
       data, id, shape, origin, flow, seal, digest, link
from events
where position = any ($1::bigint[])
order by position
