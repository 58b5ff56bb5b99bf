-- By what some records are found: $1 connections, $2 kinds, $3 records. Leans on the primary key.
select connection, kind, record, array_agg(name order by name, value),
       array_agg(value order by name, value)
from unnest($1::text[], $2::text[], $3::text[]) as wanted (connection, kind, record)
join keys using (connection, kind, record)
group by connection, kind, record
