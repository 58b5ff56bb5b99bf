-- What the records say for which documents are to be made: $1 connections, $2 kinds, $3 records.
select connection, kind, record, fields
from records
where (connection, kind, record) in (select * from unnest($1::text[], $2::text[], $3::text[]))
