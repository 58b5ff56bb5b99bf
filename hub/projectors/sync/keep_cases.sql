-- Write how cases stand: one array per column.
insert into cases (flow, "case", state, until, since, data, why)
select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::bigint[],
                     $6::bytea[], $7::text[])
on conflict (flow, "case") do update
set state = excluded.state, until = excluded.until, since = excluded.since,
    data = excluded.data, why = excluded.why
