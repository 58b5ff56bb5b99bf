-- How the roads of the connection $1 stand, for people; late is one that was to be read before now.
select kind, road, records, cursor, heard_at, read_at, done_at, overdue_at, unheard,
       silent is not null as is_silent, coalesce(overdue_at < now(), false) as is_late
from roads
where connection = $1
order by kind, road
