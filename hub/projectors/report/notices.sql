-- What waits of some records: $1 connections, $2 kinds, $3 records.
select connection, kind, record, first, last, count
from unnest($1::text[], $2::text[], $3::text[]) as wanted (connection, kind, record)
join notices using (connection, kind, record)
