-- Write what waits: one array per column.
insert into notices (connection, kind, record, first, last, count)
select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
on conflict (connection, kind, record) do update
set first = excluded.first, last = excluded.last, count = excluded.count
