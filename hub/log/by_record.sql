-- Every event about the record $3 of kind $2 in connection $1. Leans on events_by_record.
select position, type, connection, kind, record, road, cover, occurred_at, recorded_at, cause, trace,
       data, id, shape, origin, flow, seal, digest, link
from events
where record = $3 and kind = $2 and connection = $1
order by position
