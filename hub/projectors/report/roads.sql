-- How some roads stand: $1 connections, $2 kinds, $3 roads.
select connection, kind, road, heard, heard_at, records, cursor, read, read_at, done, done_at,
       overdue_at, stamp, unheard, silent
from unnest($1::text[], $2::text[], $3::text[]) as wanted (connection, kind, road)
join roads using (connection, kind, road)
