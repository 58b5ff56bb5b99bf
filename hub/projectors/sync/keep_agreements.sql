-- Write what links agree on: one array per column.
insert into agreements (link, flow, fields, position)
select * from unnest($1::uuid[], $2::text[], $3::bytea[], $4::bigint[])
on conflict (link, flow) do update
set fields = excluded.fields, position = excluded.position
