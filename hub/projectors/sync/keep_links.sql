-- Put records into links: one array per column.
insert into links (connection, kind, record, link, part, since)
select * from unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::bigint[])
