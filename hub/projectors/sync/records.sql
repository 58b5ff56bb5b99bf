-- What is known of some records: $1 connections, $2 kinds, $3 records. Leans on the primary key.
select connection, kind, record, stamp, position, fields, said, gone, gone_at, doubt, late,
       late_count, sure
from unnest($1::text[], $2::text[], $3::text[]) as wanted (connection, kind, record)
join records using (connection, kind, record)
