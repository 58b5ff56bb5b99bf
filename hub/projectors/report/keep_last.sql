-- Keep what roads said last: one array per column.
insert into timeline_last (connection, kind, record, road, data, position)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::bigint[])
on conflict (connection, kind, record, road) do update
set data = excluded.data, position = excluded.position
