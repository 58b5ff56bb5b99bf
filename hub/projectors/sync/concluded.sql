-- What was concluded from the events at the positions $1. Leans on events_decided.
select position, type, connection, kind, record, road, cover, occurred_at, recorded_at, cause,
       trace, data, id, shape, origin, flow, seal, digest, link
from events
where type = 'decided' and cause = any($1::bigint[])
