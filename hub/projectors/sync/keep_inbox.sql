-- Write items of the inbox: one array per column.
insert into inbox (item, flow, reason, sentence, subject, choices, data, since, settled, settled_by)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[],
                     $7::bytea[], $8::bigint[], $9::bigint[], $10::text[])
on conflict (item) do update
set flow = excluded.flow, reason = excluded.reason, sentence = excluded.sentence,
    subject = excluded.subject, choices = excluded.choices, data = excluded.data,
    since = excluded.since, settled = excluded.settled, settled_by = excluded.settled_by
