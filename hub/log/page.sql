-- The events after $1 up to $2. Positions are dense, so a range is a page, and only the partitions
-- it touches are looked at.
select position, type, connection, kind, record, road, cover, occurred_at, recorded_at, cause, trace,
       data, id, shape, origin, flow, seal, digest, link
from events
where position > $1 and position <= $2
order by position
