-- Write whether anything may be written to connections: one array per column.
insert into stops (connection, stopped, since, reason)
select * from unnest($1::text[], $2::boolean[], $3::bigint[], $4::text[])
on conflict (connection) do update
set stopped = excluded.stopped, since = excluded.since, reason = excluded.reason
