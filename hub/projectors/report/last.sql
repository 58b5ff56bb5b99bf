-- What every road said last of some records, and by which event: $1 connections, $2 kinds, $3 records.
select connection, kind, record, road, data, position
from unnest($1::text[], $2::text[], $3::text[]) as wanted (connection, kind, record)
join timeline_last using (connection, kind, record)
