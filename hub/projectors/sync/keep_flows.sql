-- Write flows as they stand: one array per column.
insert into flows (flow, text, file, resolved, answers, digest, installed, mode, moded, started,
                   started_at, spent, rests)
select * from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::text[],
                     $7::bigint[], $8::text[], $9::bigint[], $10::bigint[],
                     $11::timestamptz[], $12::bytea[], $13::bigint[])
on conflict (flow) do update
set text = excluded.text, file = excluded.file, resolved = excluded.resolved, answers = excluded.answers,
    digest = excluded.digest, installed = excluded.installed, mode = excluded.mode,
    moded = excluded.moded, started = excluded.started, started_at = excluded.started_at,
    spent = excluded.spent, rests = excluded.rests
