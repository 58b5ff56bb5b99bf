-- What roads said last of some records: $1 connections, $2 kinds, $3 records, $4 roads.
select connection, kind, record, road, data
from unnest($1::text[], $2::text[], $3::text[], $4::text[])
     as wanted (connection, kind, record, road)
join timeline_last using (connection, kind, record, road)
