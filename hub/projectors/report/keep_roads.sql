-- Write how roads stand: one array per column.
insert into roads (connection, kind, road, heard, heard_at, records, cursor, read, read_at, done,
                   done_at, overdue_at, stamp, unheard, silent)
select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[],
                     $6::bigint[], $7::text[], $8::bigint[], $9::timestamptz[], $10::bigint[],
                     $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::bigint[],
                     $15::bigint[])
on conflict (connection, kind, road) do update
set heard = excluded.heard, heard_at = excluded.heard_at, records = excluded.records,
    cursor = excluded.cursor, read = excluded.read, read_at = excluded.read_at,
    done = excluded.done, done_at = excluded.done_at, overdue_at = excluded.overdue_at,
    stamp = excluded.stamp, unheard = excluded.unheard, silent = excluded.silent
