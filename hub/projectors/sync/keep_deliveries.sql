-- Write deliveries as they stand: one array per column.
insert into deliveries (id, connection, kind, record, part, link, flow, "case", state, share,
                        fields, told, sent, attempt, rounds, look, approved, not_before,
                        answered_at, owed, moved, moved_at, because, reason, trace)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[],
                     $7::text[], $8::text[], $9::text[], $10::text[], $11::bytea[], $12::bytea[],
                     $13::bytea[], $14::integer[], $15::integer[], $16::boolean[], $17::bigint[],
                     $18::timestamptz[], $19::timestamptz[], $20::bigint[], $21::bigint[],
                     $22::timestamptz[], $23::text[], $24::text[], $25::text[])
on conflict (id) do update
set connection = excluded.connection, kind = excluded.kind, record = excluded.record,
    part = excluded.part, link = excluded.link, flow = excluded.flow, "case" = excluded."case",
    state = excluded.state, share = excluded.share,
    fields = excluded.fields, told = excluded.told, sent = excluded.sent,
    attempt = excluded.attempt, rounds = excluded.rounds, look = excluded.look,
    approved = excluded.approved, not_before = excluded.not_before,
    answered_at = excluded.answered_at, owed = excluded.owed, moved = excluded.moved,
    moved_at = excluded.moved_at, because = excluded.because, reason = excluded.reason,
    trace = excluded.trace
