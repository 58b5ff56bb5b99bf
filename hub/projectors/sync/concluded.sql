-- What was concluded from the events at the positions $1. Leans on events_decided.
select cause, shape, data
from events
where type = 'decided' and cause = any($1::bigint[])
