-- Every event about other events. Leans on events_about_events.
select position, type, connection, kind, record, road, cover, occurred_at, recorded_at, cause, trace,
       data, id, shape, origin, flow, seal, digest, link
from events
where type in ('parked', 'unparked')
order by position
