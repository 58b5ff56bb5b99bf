-- What the hub itself has told, $1 is its name, that is in the log and not folded yet.
-- Leans on events_decided.
select e.position, e.shape, e.data
from events e
where e.type = 'decided' and e.cause is null and e.flow = $1
  and e.position > coalesce((select position from projectors where name = 'sync'), 0)
order by e.position
