-- What happened to the link $1, and by whose word.
select h.position, h.act, h.connection, h.kind, h.record, h.part, h.other, e.origin, e.recorded_at
from link_history h
left join events e on e.position = h.position
where h.link = $1
order by h.position, h.step
