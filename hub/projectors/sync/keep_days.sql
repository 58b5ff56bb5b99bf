-- Write the day that it is at connections: one array per column.
insert into days (connection, day, zone, since)
select * from unnest($1::text[], $2::date[], $3::text[], $4::bigint[])
on conflict (connection) do update
set day = excluded.day, zone = excluded.zone, since = excluded.since
