-- How many records of the connection $1 wait to be read, and since when the first of them does.
select count(*) as records, min(events.recorded_at) as since
from notices
left join events on events.position = notices.first
where notices.connection = $1
