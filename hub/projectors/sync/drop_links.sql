-- Take records out of whichever link they are in: $1 connections, $2 kinds, $3 records.
delete from links l
using unnest($1::text[], $2::text[], $3::text[]) as gone (connection, kind, record)
where l.connection = gone.connection and l.kind = gone.kind and l.record = gone.record
