-- Add what happened to links: one array per column.
insert into link_history (position, step, link, act, connection, kind, record, part, other)
select * from unnest($1::bigint[], $2::integer[], $3::uuid[], $4::text[], $5::text[], $6::text[],
                     $7::text[], $8::text[], $9::uuid[])
