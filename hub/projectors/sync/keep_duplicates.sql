-- Open duplicates: one array per column.
insert into duplicates (position, link, connection, kind, record, part, other_link, other_record)
select * from unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[],
                     $7::uuid[], $8::text[])
