-- Let records wait no longer: $1 connections, $2 kinds, $3 records.
delete from notices using unnest($1::text[], $2::text[], $3::text[]) as n (connection, kind, record)
where notices.connection = n.connection and notices.kind = n.kind and notices.record = n.record
