-- The event with the id $1. Leans on kept, which knows the ids of archived events too.
select position, type, connection, kind, record, road, cover, occurred_at, recorded_at, cause, trace,
       data, id, shape, origin, flow, seal, digest, link
from events
where position = (select position from kept where id = $1)
