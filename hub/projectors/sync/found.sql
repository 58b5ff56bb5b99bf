-- The records that are found by values: $1 connections, $2 kinds, $3 names, $4 values.
-- Leans on keys_by_value.
select connection, kind, name, value, array_agg(record order by record)
from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as wanted (connection, kind, name, value)
join keys using (connection, kind, name, value)
group by connection, kind, name, value
