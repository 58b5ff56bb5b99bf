-- What happened to the record $3 of kind $2 in connection $1 and to all records it is linked with.
-- An observation is `older` that bears an earlier time than one of its record that came before it.
with together as (
    select $1::text collate "C" as connection, $2::text collate "C" as kind,
           $3::text collate "C" as record
    union
    select connection, kind, record
    from links
    where link = (select link from links where connection = $1 and kind = $2 and record = $3)
)
select connection, kind, record, position, recorded_at, occurred_at, type, road, origin, link, first,
       changed,
       coalesce(type = 'observed'
                and coalesce(occurred_at, recorded_at)
                    < max(coalesce(occurred_at, recorded_at)) filter (where type = 'observed')
                      over (partition by connection, kind, record order by position
                            rows between unbounded preceding and 1 preceding),
                false) as older
from together
join timeline using (connection, kind, record)
order by position, connection, kind, record
