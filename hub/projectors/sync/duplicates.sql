-- Open duplicates about some records, on either side: $1 connections, $2 kinds, $3 records.
select d.position, d.link, d.connection, d.kind, d.record, d.part, d.other_link, d.other_record
from unnest($1::text[], $2::text[], $3::text[]) as wanted (connection, kind, record)
join duplicates d using (connection, kind, record)
union
select d.position, d.link, d.connection, d.kind, d.record, d.part, d.other_link, d.other_record
from unnest($1::text[], $2::text[], $3::text[]) as wanted (connection, kind, record)
join duplicates d
  on d.connection = wanted.connection and d.kind = wanted.kind and d.other_record = wanted.record
