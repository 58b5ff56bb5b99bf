-- The link that the record ($1 connection, $2 kind, $3 record) was in after position $4, with all
-- its members at that time. Leans on link_history_by_record and link_history_by_link.
with its as (
    select link, act
    from link_history
    where connection = $1 and kind = $2 and record = $3 and position <= $4 and act <> 'clashed'
    order by position desc, step desc
    limit 1
), last as (
    select distinct on (h.connection, h.kind, h.record)
           h.link, h.act, h.connection, h.kind, h.record, h.part
    from link_history h
    join its on its.act = 'joined' and h.link = its.link
    where h.position <= $4 and h.act <> 'clashed'
    order by h.connection, h.kind, h.record, h.position desc, h.step desc
)
select link, connection, kind, record, part
from last
where act = 'joined'
order by connection, kind, record
