-- What happened to the record $3 of kind $2 in connection $1 and to all records it is linked with.
with together as (
    select $1::text collate "C" as connection, $2::text collate "C" as kind,
           $3::text collate "C" as record
    union
    select connection, kind, record
    from links
    where link = (select link from links where connection = $1 and kind = $2 and record = $3)
)
select connection, kind, record, position, recorded_at, occurred_at, type, road, origin, link, first,
       changed
from together
join timeline using (connection, kind, record)
order by position, connection, kind, record
