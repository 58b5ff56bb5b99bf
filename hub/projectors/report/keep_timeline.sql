-- Add lines: one array per column; $12 holds, for each line, its changed fields as a JSON array.
insert into timeline (connection, kind, record, position, recorded_at, occurred_at, type, road,
                      origin, link, first, changed)
select connection, kind, record, position, recorded_at, occurred_at, type, road, origin, link, first,
       array(select jsonb_array_elements_text(changed::jsonb))
from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[],
            $6::timestamptz[], $7::text[], $8::text[], $9::text[], $10::uuid[], $11::boolean[],
            $12::text[])
     as line (connection, kind, record, position, recorded_at, occurred_at, type, road, origin,
              link, first, changed)
