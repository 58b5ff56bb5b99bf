-- What waits at the projector $1.
select position, connection, kind, record, reason, since
from parked
where projector = $1
