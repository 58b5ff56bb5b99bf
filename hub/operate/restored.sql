-- The connections that are held since the log was found to be set back or moved, with the reason.
select s.connection, s.since, s.reason
from stops s
join events e on e.position = s.since
where s.stopped and (convert_from(e.data, 'UTF8')::jsonb ->> 'restored')::boolean
order by s.connection
